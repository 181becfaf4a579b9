//! Fresh chance from the system, taken once by whoever makes a study, and written down there.

/// Thirty-two random bytes from the system.
///
/// # Errors
///
/// What the system said if it has none to give.
pub fn entropy() -> Result<[u8; 32], String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|why| why.to_string())?;
    Ok(bytes)
}
