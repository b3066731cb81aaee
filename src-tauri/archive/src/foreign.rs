//! Files that are no container image: named for what they are, with what to do instead.

/// A kind of file that Labwright recognises and cannot import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Foreign {
    /// What the file is, as a noun phrase: "a virtual machine disk (qcow2)".
    pub what: &'static str,
    /// What the user can do instead.
    pub advice: &'static str,
}

struct Signature {
    offset: usize,
    magic: &'static [u8],
    foreign: Foreign,
}

const DISK_ADVICE: &str = "A disk image boots in a virtual machine. Build a container from it with vrnetlab, or ask the vendor for the container edition.";
const PACKAGE_ADVICE: &str = "This is a software package. Download the container image instead.";

const fn disk(offset: usize, magic: &'static [u8], what: &'static str) -> Signature {
    Signature {
        offset,
        magic,
        foreign: Foreign {
            what,
            advice: DISK_ADVICE,
        },
    }
}

const fn other(magic: &'static [u8], what: &'static str, advice: &'static str) -> Signature {
    Signature {
        offset: 0,
        magic,
        foreign: Foreign { what, advice },
    }
}

/// Sources: each format's specification, and the tests in file(1)'s magic database.
const SIGNATURES: [Signature; 16] = [
    disk(0, b"QFI\xfb", "a virtual machine disk (qcow2)"),
    disk(0, b"KDMV", "a virtual machine disk (vmdk)"),
    disk(
        0,
        b"# Disk DescriptorFile",
        "the description of a virtual machine disk (vmdk)",
    ),
    disk(0, b"conectix", "a virtual machine disk (vhd)"),
    disk(0, b"vhdxfile", "a virtual machine disk (vhdx)"),
    disk(0x8001, b"CD001", "a CD image (iso)"),
    disk(510, b"\x55\xaa", "a raw disk image"),
    other(
        b"PK\x03\x04",
        "a zip archive",
        "Unpack it first, and import the image file inside. (A .swi file for EOS on hardware is a zip too: the lab edition is cEOS-lab.)",
    ),
    other(
        b"7z\xbc\xaf\x27\x1c",
        "a 7-Zip archive",
        "Unpack it first, and import the image file inside.",
    ),
    other(
        b"Rar!",
        "a rar archive",
        "Unpack it first, and import the image file inside.",
    ),
    other(b"%PDF-", "a PDF document", "Choose the image file itself."),
    other(b"\xed\xab\xee\xdb", "an rpm package", PACKAGE_ADVICE),
    other(b"!<arch>\ndebian", "a deb package", PACKAGE_ADVICE),
    other(
        b"hsqs",
        "a squashfs file system",
        "Unpack it with unsquashfs and pack the folder as a tar, then import that.",
    ),
    other(b"\x7fELF", "a program", "Choose the image file itself."),
    other(
        b"-----BEGIN ",
        "a key, certificate or signature",
        "Choose the image file itself.",
    ),
];

const EMPTY: Foreign = Foreign {
    what: "an empty file",
    advice: "The download probably failed. Download it again.",
};
const HTML: Foreign = Foreign {
    what: "a web page (HTML)",
    advice: "It was probably saved from a login page. Sign in with the browser, download again, and compare the size with the vendor's.",
};
const JSON: Foreign = Foreign {
    what: "a JSON text",
    advice: "It was probably an error answer of the download server. Open it with a text editor to read the reason.",
};
const ZEROS: Foreign = Foreign {
    what: "a file of zero bytes only",
    advice: "The download was probably not finished. Download it again.",
};

/// How many bytes of a file [`foreign`] wants to see to know every signature.
pub(crate) const FOREIGN_HEAD: usize = 0x8001 + 5;

/// Names what a file that begins with `head` is, if it is one of the known foreign kinds.
pub fn foreign(head: &[u8]) -> Option<Foreign> {
    if head.is_empty() {
        return Some(EMPTY);
    }
    let signature = SIGNATURES.iter().find(|signature| {
        head.get(signature.offset..)
            .is_some_and(|rest| rest.starts_with(signature.magic))
    });
    if let Some(signature) = signature {
        return Some(signature.foreign);
    }
    if head.iter().all(|byte| *byte == 0) {
        return Some(ZEROS);
    }
    text(head)
}

fn text(head: &[u8]) -> Option<Foreign> {
    let start = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(head)
        .trim_ascii_start();
    let lower = start[..start.len().min(64)].to_ascii_lowercase();
    if [&b"<!doctype html"[..], b"<html", b"<head", b"<!--"]
        .iter()
        .any(|tag| lower.starts_with(tag))
    {
        return Some(HTML);
    }
    let printable = start.len() > 1
        && head
            .iter()
            .take(512)
            .all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace());
    (printable && matches!(start.first(), Some(b'{' | b'['))).then_some(JSON)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn what(head: &[u8]) -> Option<&'static str> {
        foreign(head).map(|foreign| foreign.what)
    }

    #[test]
    fn usual_mistakes_are_named() {
        let mut iso = vec![1; 0x8001];
        iso.extend(b"CD001");
        let named: Vec<_> = [
            &b"QFI\xfb\0\0\0\x03"[..],
            b"KDMV\x01",
            &iso,
            b"PK\x03\x04\x14",
            b"\n  <!DOCTYPE HTML><html>",
            b"<html><head><title>Sign in",
            b"{\"error\":\"not found\"}",
            b"",
            &[0; 2048],
        ]
        .iter()
        .map(|head| what(head))
        .collect();
        insta::assert_debug_snapshot!(named);
    }

    proptest! {
        #[test]
        fn any_bytes_are_sniffed_without_panic(head in proptest::collection::vec(any::<u8>(), 0..40_000)) {
            let _ = foreign(&head);
        }
    }
}
