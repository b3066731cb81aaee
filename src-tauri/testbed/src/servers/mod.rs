//! Servers with faults.
