//! Prepares the desktop shell's build: the built webview must be there, the capabilities are in this room.

use std::path::Path;

/// The page that the shell embeds; `script/setup` builds it from `src-ui`.
const WEBVIEW: &str = "src-ui/dist";

fn main() {
    println!("cargo::rerun-if-changed={WEBVIEW}");
    if !Path::new(WEBVIEW).join("index.html").is_file() {
        println!("cargo::error=the webview is not built: {WEBVIEW}/index.html is missing");
        println!(
            "cargo::error=run `script/setup` once, or build only the terminal program: `cargo build -p labwright-cli`"
        );
        return;
    }
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("src-tauri/app/capabilities/*.json");
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error=the desktop shell's build could not be prepared: {error:#}");
    }
}
