//! Exit codes, documented where they are defined: [`ExitClass`].

use std::process::ExitCode;

use canvass::ExitClass;

/// The code that the system is told.
pub fn code(class: ExitClass) -> ExitCode {
    ExitCode::from(class as u8)
}
