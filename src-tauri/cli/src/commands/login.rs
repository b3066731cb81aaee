//! `lw login` and `lw logout`.

use std::io::{self, IsTerminal, Read};

use console::Term;
use labwright_jobs::ErrorReport;
use labwright_registry::{CredentialError, Registry, RegistryAccess};

use super::Context;
use crate::args::LoginArguments;
use crate::exit::{CommandError, Exit};

/// Keeps a login, once the registry has accepted it.
pub(crate) async fn log_in(
    context: &Context,
    arguments: LoginArguments,
) -> Result<Exit, CommandError> {
    let registry = arguments.registry;
    let username = match arguments.username {
        Some(name) => name,
        None if arguments.password_stdin => {
            let why = "--password-stdin needs --username: standard input is the password";
            return Err(CommandError::Usage(why.to_owned()));
        }
        None => ask(&format!("User of {registry}: "), Term::read_line)?,
    };
    let secret = if arguments.password_stdin {
        given()?
    } else {
        let question = format!("Password of {username} (is not shown): ");
        ask(&question, Term::read_secure_line)?
    };
    let places = context.environment.registry_places();
    let access = Registry::new(RegistryAccess {
        certificate_folders: places.certificate_folders,
        ..RegistryAccess::default()
    });
    let kept = places
        .credentials
        .log_in(&access, &registry, &username, &secret);
    context
        .unless_stopped(kept)
        .await?
        .map_err(|error| report(&error))?;
    context.note(&format!(
        "{username} is logged in to {registry}; the login is in the keyring"
    ));
    Ok(Exit::Succeeded)
}

/// Forgets a login that was kept.
pub(crate) async fn log_out(context: &Context, registry: &str) -> Result<Exit, CommandError> {
    let places = context.environment.registry_places();
    let forgotten = context
        .unless_stopped(places.credentials.log_out(registry))
        .await?
        .map_err(|error| report(&error))?;
    if forgotten {
        context.note(&format!("the login for {registry} is forgotten"));
    } else {
        let elsewhere = "logins of docker login and podman login are theirs";
        context.note(&format!("lw keeps no login for {registry}; {elsewhere}"));
    }
    Ok(Exit::Succeeded)
}

/// Asks at the terminal.
fn ask(question: &str, read: fn(&Term) -> io::Result<String>) -> Result<String, CommandError> {
    let terminal = Term::stderr();
    if !terminal.is_term() || !io::stdin().is_terminal() {
        let why = "there is no terminal to ask at: give --username and --password-stdin";
        return Err(CommandError::Usage(why.to_owned()));
    }
    terminal.write_str(question)?;
    let answer = read(&terminal)?;
    if answer.is_empty() {
        return Err(CommandError::Usage("nothing was given".to_owned()));
    }
    Ok(answer)
}

/// Reads what standard input has, without the line break at its end.
fn given() -> Result<String, CommandError> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        return Err(CommandError::Usage(
            "standard input has no password".to_owned(),
        ));
    }
    Ok(secret.to_owned())
}

fn report(error: &CredentialError) -> ErrorReport {
    let report = ErrorReport::of(error.code(), error);
    error
        .hints()
        .into_iter()
        .fold(report, ErrorReport::with_hint)
}
