//! What the page cannot do, tried in the real webview.

use std::net::TcpListener;

use serde_json::{Value, json};

use crate::bench::Bench;

/// Calls one of Tauri's own commands, as an intruder in the page would; what it answered, or why not.
const INVOKE: &str = "const [command, values] = arguments;
    return window.__TAURI_INTERNALS__.invoke(command, values).then(() => 'done', (error) => String(error));";

/// Commands that would open files, programs, windows or other pages.
const FORBIDDEN: [&str; 10] = [
    "plugin:fs|read_text_file",
    "plugin:shell|execute",
    "plugin:opener|open_path",
    "plugin:opener|open_url",
    "plugin:dialog|open",
    "plugin:notification|notify",
    "plugin:window-state|save_window_state",
    "plugin:event|emit",
    "plugin:window|close",
    "plugin:webview|create_webview_window",
];

#[test]
fn the_page_reaches_no_plugin_no_file_and_no_network() {
    let bench = Bench::new();
    let window = bench.open();
    for command in FORBIDDEN {
        let answer = window.run(INVOKE, &[json!(command), json!({})]);
        let answer = answer.as_str().unwrap_or_default().to_owned();
        let refused = answer.contains("not allowed") || answer.contains("not found");
        assert!(refused, "{command}: {answer}");
    }

    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", server.local_addr().unwrap());
    let fetch = "return fetch(arguments[0]).then(() => 'reached', (error) => 'refused');";
    for target in [
        &address,
        "file:///etc/passwd",
        "asset://localhost/etc/passwd",
    ] {
        assert_eq!(window.run(fetch, &[json!(target)]), "refused", "{target}");
    }
    server.set_nonblocking(true).unwrap();
    assert!(server.accept().is_err(), "the page has reached a server");

    let inline = "const script = document.createElement('script');
        script.textContent = 'window.__intruded = true';
        document.head.append(script);
        return window.__intruded ?? null;";
    assert_eq!(window.run(inline, &[]), Value::Null);
    let refused = window.errors().join("\n");
    assert!(refused.contains("script-src"), "{refused}");
}
