//! Reading what an engine answers to an import or a load.

use serde::Deserialize;

use crate::RequestError;

/// One object of the answer; every kind of engine fills other fields.
#[derive(Default, Deserialize)]
struct Line {
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    stream: Option<String>,
    #[serde(default)]
    error: Option<String>,
    #[serde(rename = "errorDetail", default)]
    error_detail: Option<ErrorDetail>,
    /// Podman's answer to an import.
    #[serde(rename = "Id", default)]
    id: Option<String>,
    /// Podman's answer to a load.
    #[serde(rename = "Names", default)]
    names: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct ErrorDetail {
    #[serde(default)]
    message: String,
}

/// What an answer says, over all its lines.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// The last id of an image that was reported.
    pub(super) id: Option<crate::ImageId>,
    /// Names or ids that were reported as loaded, in order.
    pub(super) loaded: Vec<String>,
    /// Why it failed although the status was a success.
    pub(super) error: Option<RequestError>,
}

impl Answer {
    /// Reads JSON objects, with or without line breaks between them.
    pub(super) fn read(body: &[u8]) -> Self {
        let mut answer = Self::default();
        for line in serde_json::Deserializer::from_slice(body).into_iter::<Line>() {
            match line {
                Ok(line) => answer.add(line),
                Err(error) => {
                    answer.error.get_or_insert(RequestError::unreadable(error));
                    break;
                }
            }
        }
        answer
    }

    fn add(&mut self, line: Line) {
        let id = line.id.or(line.status).and_then(|text| text.parse().ok());
        self.id = id.or(self.id.take());
        self.loaded.extend(line.names.into_iter().flatten());
        let detail = line
            .error_detail
            .map(|detail| detail.message)
            .filter(|text| !text.is_empty());
        if let Some(message) = detail.or(line.error) {
            self.fail(message);
        }
        for said in line.stream.iter().flat_map(|text| text.lines()) {
            self.hear(said.trim());
        }
    }

    /// A containerd store reports a layer that cannot be unpacked as a line for people, and nothing
    /// else.
    fn hear(&mut self, said: &str) {
        const LOADED: &[&str] = &["Loaded image: ", "Loaded image ID: ", "Loaded image(s): "];
        if said.starts_with("Error unpacking image") {
            self.fail(said.to_owned());
        } else if let Some(names) = LOADED.iter().find_map(|start| said.strip_prefix(start)) {
            self.loaded
                .extend(names.split(',').map(|name| name.trim().to_owned()));
        }
    }

    /// The first error is the cause; later ones follow from it.
    fn fail(&mut self, message: String) {
        self.error.get_or_insert(RequestError::Reported { message });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Answer {
        Answer::read(body.as_bytes())
    }

    #[test]
    fn the_last_status_of_an_import_is_the_id() {
        let id = format!("sha256:{}", "ab".repeat(32));
        let docker = read(&format!(
            "{{\"status\":\"Importing\"}}\n{{\"status\":\"{id}\"}}\r\n"
        ));
        assert_eq!(
            docker.id.as_ref().map(crate::ImageId::as_str),
            Some(id.as_str())
        );
        let podman = read(&format!("{{\"Id\":\"{id}\"}}"));
        assert_eq!(podman.id.map(|id| id.to_string()), Some(id));
    }

    #[test]
    fn names_of_a_load() {
        let body = "{\"status\":\"Loading layer\",\"progressDetail\":{},\"id\":\"12\"}\n\
                    {\"stream\":\"Loaded image: a:1\\n\"}{\"stream\":\"Loaded image ID: sha256:1\\n\"}";
        assert_eq!(read(body).loaded, ["a:1", "sha256:1"]);
        assert_eq!(
            read(r#"{"Names":["localhost/a:1"]}"#).loaded,
            ["localhost/a:1"]
        );
        assert_eq!(
            read(r#"{"stream":"Loaded image(s): a:1,b:2"}"#).loaded,
            ["a:1", "b:2"]
        );
    }

    #[test]
    fn errors_inside_a_success() {
        for (body, message) in [
            (r#"{"errorDetail":{"message":"no"},"error":"other"}"#, "no"),
            (r#"{"error":"only this"}"#, "only this"),
            (
                "{\"stream\":\"Loaded image: a:1\\n\"}{\"stream\":\"Error unpacking image a:1: x\\n\"}",
                "Error unpacking image a:1: x",
            ),
        ] {
            let error = read(body).error;
            assert_eq!(
                error.as_ref().and_then(RequestError::message),
                Some(message),
                "{body}"
            );
        }
        assert!(read("not json").error.is_some());
        assert!(read("").error.is_none());
    }
}
