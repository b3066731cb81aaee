//! The processor architecture that an ELF program was built for.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A processor architecture, by the names that container engines use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Architecture {
    /// 64-bit x86.
    Amd64,
    /// 64-bit Arm.
    Arm64,
    /// 32-bit x86.
    #[serde(rename = "386")]
    I386,
    /// 32-bit Arm.
    Arm,
    /// 64-bit RISC-V.
    Riscv64,
    /// 64-bit little-endian POWER.
    Ppc64le,
    /// 64-bit IBM Z.
    S390x,
}

/// `e_machine` numbers of the ELF specification, and the engines' names for them.
const NAMES: [(u16, Architecture, &str); 7] = [
    (62, Architecture::Amd64, "amd64"),
    (183, Architecture::Arm64, "arm64"),
    (3, Architecture::I386, "386"),
    (40, Architecture::Arm, "arm"),
    (243, Architecture::Riscv64, "riscv64"),
    (21, Architecture::Ppc64le, "ppc64le"),
    (22, Architecture::S390x, "s390x"),
];

impl Architecture {
    /// Reads a name as engines and vendors write it: `amd64`, `x86_64`, `x64`, `aarch64`, ….
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let canonical = match name.as_str() {
            "x86_64" | "x64" | "x86-64" => "amd64",
            "aarch64" | "armv8" => "arm64",
            "i386" | "i686" | "x86" => "386",
            other => other,
        };
        NAMES
            .iter()
            .find(|(_, _, known)| *known == canonical)
            .map(|(_, architecture, _)| *architecture)
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES
            .iter()
            .find(|(_, architecture, _)| architecture == self)
            .map_or("unknown", |row| row.2);
        f.write_str(name)
    }
}

/// Reads the architecture from the first 20 bytes of an ELF file; `None` if it is none or another.
pub fn architecture_of_elf(head: &[u8]) -> Option<Architecture> {
    if !head.starts_with(b"\x7fELF") {
        return None;
    }
    let little_endian = head.get(5) == Some(&1);
    let bytes = [*head.get(18)?, *head.get(19)?];
    let machine = if little_endian {
        u16::from_le_bytes(bytes)
    } else {
        u16::from_be_bytes(bytes)
    };
    NAMES
        .iter()
        .find(|(number, _, _)| *number == machine)
        .map(|(_, architecture, _)| *architecture)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elf(data: u8, machine: [u8; 2]) -> Vec<u8> {
        let mut head = b"\x7fELF\x02".to_vec();
        head.push(data);
        head.resize(18, 0);
        head.extend(machine);
        head
    }

    #[test]
    fn machine_is_read_in_the_files_own_byte_order() {
        assert_eq!(
            architecture_of_elf(&elf(1, [62, 0])),
            Some(Architecture::Amd64)
        );
        assert_eq!(
            architecture_of_elf(&elf(1, [183, 0])),
            Some(Architecture::Arm64)
        );
        assert_eq!(
            architecture_of_elf(&elf(2, [0, 22])),
            Some(Architecture::S390x)
        );
        assert_eq!(architecture_of_elf(b"\x7fELF"), None);
        assert_eq!(architecture_of_elf(b"#!/bin/sh\n---------------"), None);
    }

    #[test]
    fn names_of_vendors_are_understood() {
        assert_eq!(Architecture::from_name("x86_64"), Some(Architecture::Amd64));
        assert_eq!(
            Architecture::from_name("AArch64"),
            Some(Architecture::Arm64)
        );
        assert_eq!(Architecture::from_name("vax"), None);
    }
}
