//! The keyring is GNOME's own, and is there, locked or absent as told.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::process::Command;

use labwright_testbed::Keyring;

/// What the session's secret service says to a call that needs no session.
fn asked(keyring: &Keyring) -> Result<String, String> {
    let output = Command::new("dbus-send")
        .args([&format!("--bus={}", keyring.address()), "--print-reply"])
        .args(["--dest=org.freedesktop.secrets"])
        .arg("/org/freedesktop/secrets/collection/login")
        .arg("org.freedesktop.DBus.Properties.Get")
        .args(["string:org.freedesktop.Secret.Collection", "string:Locked"])
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    if output.status.success() {
        Ok(text(output.stdout))
    } else {
        Err(text(output.stderr))
    }
}

#[test]
fn a_keyring_is_unlocked_until_it_is_locked() {
    let keyring = Keyring::unlocked();
    assert!(asked(&keyring).unwrap().contains("boolean false"));
    keyring.lock();
    assert!(asked(&keyring).unwrap().contains("boolean true"));
}

#[test]
fn where_there_is_none_nothing_answers() {
    let error = asked(&Keyring::absent()).unwrap_err();
    assert!(error.contains("ServiceUnknown"), "{error}");
}
