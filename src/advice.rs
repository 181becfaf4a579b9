//! The second and third part of an error: where it is, and what to do.

/// What an error says beside its one-line message.
pub trait Advise: std::fmt::Display {
    /// The file, line, row or key at fault, if known.
    fn place(&self) -> Option<String> {
        None
    }

    /// The remedy; if there are several, all of them.
    fn hint(&self) -> Option<String> {
        None
    }
}

/// Names joined for a message: up to five, then how many more there are.
///
/// ```
/// use canvass::advice::list;
/// assert_eq!(list(&["a", "b"]), "'a', 'b'");
/// assert_eq!(list(&["a", "b", "c", "d", "e", "f"]), "'a', 'b', 'c', 'd', 'e' and 1 more");
/// ```
#[must_use]
pub fn list<T: AsRef<str>>(names: &[T]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("'{}'", name.as_ref()))
        .collect();
    let joined = shown.join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => joined,
        more => format!("{joined} and {more} more"),
    }
}
