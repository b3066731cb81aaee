//! What a Docker engine with the classic store and nothing in it says.

use std::io::{self, Write};
use std::os::unix::net::UnixStream;

use serde_json::{Value, json};

use super::request::Request;

/// Answers a question that is not an upload. False for the event stream, which stays open.
pub(super) fn answer(request: &Request, mut connection: &UnixStream) -> io::Result<bool> {
    let path = unversioned(&request.target);
    match path {
        "/_ping" => write_text(connection)?,
        "/version" => write_json(connection, "200 OK", &version())?,
        "/info" => write_json(connection, "200 OK", &info())?,
        "/images/json" | "/containers/json" => write_json(connection, "200 OK", &json!([]))?,
        "/events" => {
            connection.write_all(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
            )?;
            return Ok(false);
        }
        _ => {
            let message = json!({ "message": format!("no such object: {path}") });
            write_json(connection, "404 Not Found", &message)?;
        }
    }
    Ok(true)
}

/// Whether an image comes in this request's body.
pub(super) fn is_upload(request: &Request) -> bool {
    let path = unversioned(&request.target);
    request.method == "POST"
        && ["/images/create", "/images/load", "/images/import"]
            .iter()
            .any(|end| path.ends_with(end))
}

/// The path without `/v1.41` and without the query.
fn unversioned(target: &str) -> &str {
    let path = target.split('?').next().unwrap_or_default();
    match path.strip_prefix("/v").and_then(|rest| rest.find('/')) {
        Some(end) if path.as_bytes().get(2).is_some_and(u8::is_ascii_digit) => &path[end + 2..],
        _ => path,
    }
}

fn version() -> Value {
    json!({
        "Version": "20.10.24", "ApiVersion": "1.41", "MinAPIVersion": "1.12", "Os": "linux", "Arch": "amd64",
        "KernelVersion": "6.1.0", "GitCommit": "0", "GoVersion": "go1.19",
        "Platform": { "Name": "Hung engine" },
        "Components": [{ "Name": "Engine", "Version": "20.10.24", "Details": { "ApiVersion": "1.41" } }],
    })
}

fn info() -> Value {
    json!({
        "ID": "HUNG", "Name": "hung-engine", "ServerVersion": "20.10.24", "Driver": "overlay2",
        "DriverStatus": [["Backing Filesystem", "extfs"]], "DockerRootDir": "/var/lib/docker",
        "Architecture": "x86_64", "OSType": "linux", "OperatingSystem": "Debian GNU/Linux 12", "NCPU": 2,
        "MemTotal": 2_147_483_648_u64, "Containers": 0, "Images": 0,
    })
}

fn write_text(mut connection: &UnixStream) -> io::Result<()> {
    connection.write_all(
        b"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nOstype: linux\r\nServer: Docker/20.10.24 (linux)\r\n\
          Content-Type: text/plain\r\nContent-Length: 2\r\n\r\nOK",
    )
}

/// Answers with this status line and body.
pub(super) fn write_json(
    mut connection: &UnixStream,
    status: &str,
    value: &Value,
) -> io::Result<()> {
    let body = value.to_string();
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status}\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    );
    connection.write_all(answer.as_bytes())
}
