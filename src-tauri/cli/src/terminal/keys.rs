//! The keys that leave a console. Pure.

/// Ctrl-P, which begins them.
const BEGIN: u8 = 0x10;
/// Ctrl-Q, which ends them.
const END: u8 = 0x11;

/// Looks for Ctrl-P Ctrl-Q in what is typed. A Ctrl-P is kept until it is clear what it means.
#[derive(Debug, Default)]
pub(super) struct LeaveKeys {
    held: bool,
}

/// What was typed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Typed {
    /// What the program gets.
    pub(super) bytes: Vec<u8>,
    /// Whether the user wants to leave; what was typed behind it is nobody's.
    pub(super) leave: bool,
}

impl LeaveKeys {
    /// Takes what was typed.
    pub(super) fn take(&mut self, typed: &[u8]) -> Typed {
        let mut bytes = Vec::with_capacity(typed.len() + 1);
        for key in typed {
            match (self.held, *key) {
                (true, END) => return Typed { bytes, leave: true },
                (true, BEGIN) => bytes.push(BEGIN),
                (false, BEGIN) => self.held = true,
                (_, key) => {
                    bytes.extend(self.release());
                    bytes.push(key);
                }
            }
        }
        Typed {
            bytes,
            leave: false,
        }
    }

    /// Whether a key is kept.
    pub(super) fn holds(&self) -> bool {
        self.held
    }

    /// The key that was kept, if there is one: it was meant for the program.
    pub(super) fn take_held(&mut self) -> Typed {
        Typed {
            bytes: self.release().into_iter().collect(),
            leave: false,
        }
    }

    fn release(&mut self) -> Option<u8> {
        std::mem::take(&mut self.held).then_some(BEGIN)
    }
}

#[cfg(test)]
mod tests {
    use super::{LeaveKeys, Typed};

    /// What the program gets, and whether the user left, however the keys arrive.
    fn typed(keys: &[u8]) -> (Vec<u8>, bool) {
        let mut at_once = LeaveKeys::default();
        let mut whole = at_once.take(keys);
        whole
            .bytes
            .extend(at_once.release().filter(|_| !whole.leave));
        let mut one_by_one = LeaveKeys::default();
        let mut parts = Typed::default();
        for key in keys {
            let part = one_by_one.take(&[*key]);
            parts.bytes.extend(part.bytes);
            parts.leave |= part.leave;
            if part.leave {
                break;
            }
        }
        parts
            .bytes
            .extend(one_by_one.release().filter(|_| !parts.leave));
        assert_eq!(whole, parts);
        (whole.bytes, whole.leave)
    }

    #[test]
    fn only_both_keys_in_a_row_leave() {
        for (keys, bytes, leave) in [
            (b"ls\r".as_slice(), b"ls\r".as_slice(), false),
            (b"ls\x10\x11rm\r", b"ls", true),
            (b"\x10\x10\x11", b"\x10", true),
            (b"\x10a\x11", b"\x10a\x11", false),
            (b"\x11\x10", b"\x11\x10", false),
            (b"\x10\x10", b"\x10\x10", false),
            (b"\x00\x1b[A\xff\x03", b"\x00\x1b[A\xff\x03", false),
        ] {
            assert_eq!(typed(keys), (bytes.to_vec(), leave), "{keys:?}");
        }
    }

    #[test]
    fn a_key_that_was_kept_too_long_is_the_program_s() {
        let mut keys = LeaveKeys::default();
        assert_eq!(keys.take(b"\x10"), Typed::default());
        assert!(keys.holds());
        assert_eq!(keys.take_held().bytes, b"\x10");
        assert_eq!(keys.take_held(), Typed::default());
        assert_eq!(keys.take(b"\x11").bytes, b"\x11");
    }
}
