//! The machine: keys, home, processes, stops, reboots, and what it lacks.

use std::fs;
use std::process::Command;
use std::thread;

use labwright_testbed::host::Host;

use crate::{sleepers, ssh, start_sleeper, wait_for};

const BOOT_ID: &str = "cat /proc/sys/kernel/random/boot_id";

#[test]
fn an_unknown_key_is_refused_and_a_trusted_one_lets_in() {
    let host = Host::start();
    let configuration = host.ssh_config();
    let refused = ssh(&configuration, "true").unwrap_err();
    assert!(
        refused.contains("Host key verification failed"),
        "{refused}"
    );
    host.trust();
    assert_eq!(ssh(&configuration, "echo $((6 * 7))").unwrap(), "42\n");
    let scanned = Command::new("sh")
        .args(["-c", "ssh-keyscan -p \"$1\" 127.0.0.1 | ssh-keygen -lf -"])
        .args(["sh", &host.port().to_string()])
        .output()
        .unwrap();
    let scanned = String::from_utf8(scanned.stdout).unwrap();
    assert!(scanned.contains(&host.fingerprint()), "{scanned}");
}

#[test]
fn a_changed_key_is_refused_although_the_old_one_was_trusted() {
    let host = Host::start();
    host.trust();
    let before = host.fingerprint();
    host.change_key();
    assert_ne!(host.fingerprint(), before);
    let refused = ssh(&host.ssh_config(), "true").unwrap_err();
    assert!(
        refused.contains("HOST IDENTIFICATION HAS CHANGED"),
        "{refused}"
    );
    assert_eq!(host.run("echo known"), "known\n");
}

#[test]
fn the_home_is_where_everything_says_it_is() {
    let host = Host::start();
    let home = host.home().to_str().unwrap();
    let said = host.run("echo $HOME; echo ~; pwd; getent passwd $(id -un) | cut -d: -f6");
    assert_eq!(said, format!("{home}\n").repeat(4));
    host.run("echo made there > file");
    assert_eq!(
        fs::read_to_string(host.home().join("file")).unwrap(),
        "made there\n"
    );
}

#[test]
fn an_awkward_home_is_one_word() {
    let host = Host::builder()
        .home_named("it's a \"home\" $(touch pwned)")
        .start();
    host.run("cd && echo x > \"$HOME/file\"");
    assert!(host.home().ends_with("it's a \"home\" $(touch pwned)"));
    let entries = fs::read_dir(host.home()).unwrap();
    let names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["file"]);
}

#[test]
fn processes_are_seen_with_the_numbers_they_have_there() {
    let host = Host::start();
    let id = start_sleeper(&host);
    let running = host.processes();
    let sleeper = running
        .iter()
        .find(|process| process.command == "sleep 4321")
        .unwrap();
    assert_eq!(sleeper.id.to_string(), id);
    let stat = host.run(&format!("cat /proc/{id}/stat"));
    assert!(stat.starts_with(&format!("{id} (sleep) ")), "{stat}");
    sleeper.kill();
    // Buried too, and not only dead.
    host.run(&format!("while [ -e /proc/{id} ]; do sleep 0.01; done"));
    assert_eq!(sleepers(&host), 0);
}

#[test]
fn stopping_ends_connections_and_nothing_else() {
    let host = Host::start();
    let boot_id = host.run(BOOT_ID);
    start_sleeper(&host);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| host.try_run("echo begun >> ~/begun; sleep 60"));
        wait_for(|| host.home().join("begun").exists());
        host.stop();
        let broken = waiting.join().unwrap().unwrap_err();
        assert!(broken.contains("exit status: 255"), "{broken}");
    });
    let refused = host.try_run("true").unwrap_err();
    assert!(refused.contains("Connection refused"), "{refused}");
    assert_eq!(sleepers(&host), 1);
    host.resume();
    assert_eq!(host.run(BOOT_ID), boot_id);
    assert_eq!(sleepers(&host), 1);
}

#[test]
fn a_reboot_ends_everything_but_the_files() {
    let host = Host::start();
    let boot_id = host.run(BOOT_ID);
    host.run("echo kept > ~/file");
    start_sleeper(&host);
    host.reboot();
    assert_eq!(sleepers(&host), 0);
    let other = host.run(BOOT_ID);
    assert_ne!(other, boot_id);
    assert_eq!(other.trim().len(), 36, "{other}");
    assert_eq!(host.run("cat ~/file"), "kept\n");
}

#[test]
fn the_shell_may_print_before_every_command() {
    let host = Host::builder().bash_rc("echo Welcome").start();
    assert_eq!(host.run("echo done"), "Welcome\ndone\n");
}

#[test]
fn another_shell_reads_no_bash_rc() {
    let host = Host::builder()
        .bash_rc("echo Welcome")
        .shell("/bin/dash")
        .start();
    assert_eq!(host.run("echo $0"), "dash\n");
}

#[test]
fn a_read_only_home_is_so_only_there() {
    let host = Host::builder().read_only_home().start();
    let refused = host.try_run("mkdir ~/.cache").unwrap_err();
    assert!(refused.contains("Read-only file system"), "{refused}");
    fs::create_dir(host.home().join(".cache")).unwrap();
    host.run("ls -d ~/.cache; echo x > \"$TMPDIR/file\"");
}

#[test]
fn missing_programs_are_not_found_and_others_are() {
    let host = Host::builder().without(&["git", "python"]).start();
    for program in ["git", "python3", "pip3"] {
        let missing = host.try_run(&format!("{program} --version")).unwrap_err();
        assert!(missing.contains("command not found"), "{missing}");
    }
    host.run("sh -c 'sed --version && setsid true && df .' </dev/null");
    let whole = Host::start();
    whole.run("git --version && python3 --version");
}

#[test]
fn small_disks_are_full_at_their_size() {
    let host = Host::builder()
        .small_disk(2 << 20)
        .small_folder(1 << 20)
        .start();
    let write = |folder: &str, megabytes: u32| {
        host.try_run(&format!(
            "head -c {megabytes}M /dev/zero > \"{folder}/file\" && rm \"{folder}/file\""
        ))
    };
    let small = host.small_folder();
    write("$HOME", 1).unwrap();
    for (folder, megabytes) in [("$HOME", 3), (small.to_str().unwrap(), 2)] {
        let full = write(folder, megabytes).unwrap_err();
        assert!(full.contains("No space left on device"), "{full}");
    }
}

#[test]
fn variables_are_set_for_every_command() {
    let host = Host::builder()
        .variable("GREETING", "it's \"so\" \\ $HOME")
        .start();
    assert_eq!(host.run("printenv GREETING"), "it's \"so\" \\ $HOME\n");
}
