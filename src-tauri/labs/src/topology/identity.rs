//! What is told to a container about its node.

/// The variable that a label becomes in the node's environment: `graph-icon` is `CLAB_LABEL_GRAPH_ICON`.
///
/// As containerlab has it: `-`, `+`, `.` and `/` become `_`, and what else a variable cannot have is left out.
pub fn label_variable(label: &str) -> String {
    let character = |c: char| match c {
        '-' | '+' | '.' | '/' => Some('_'),
        c if c.is_ascii_alphanumeric() || c == '_' => Some(c.to_ascii_uppercase()),
        _ => None,
    };
    let name: String = label.chars().filter_map(character).collect();
    format!("CLAB_LABEL_{name}")
}
