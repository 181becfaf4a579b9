//! Blocks of numbers that cannot be dialled, for rehearsals and tests.

/// Blocks under one netcode.
const BLOCKS: usize = 10_000;

/// Netcodes 100 to 129, which the Chinese plan gives to nobody.
const NETCODES: usize = 30;

/// The seven leading digits of the block at `place` among sorted blocks; none after 300 000.
///
/// # Source
///
/// MIIT (2023), table of mobile netcodes: the second digit of a mobile number is 3 to 9.
///
/// # Example
///
/// ```
/// use canvass::frame::fictional_block;
/// assert_eq!(fictional_block(0).as_deref(), Some("1000000"));
/// assert_eq!(fictional_block(10_007).as_deref(), Some("1010007"));
/// assert_eq!(fictional_block(300_000), None);
/// ```
#[must_use]
pub fn fictional_block(place: usize) -> Option<String> {
    let netcode = place / BLOCKS;
    (netcode < NETCODES).then(|| format!("1{netcode:02}{:04}", place % BLOCKS))
}
