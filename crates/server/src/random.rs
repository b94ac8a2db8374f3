//! Randomness from the operating system, and ids made of it.

use bluehook_dispatcher::Error;

/// Random bytes.
///
/// # Errors
/// When the system gives none, which a booted one does not.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::Config(format!("the system gives no random bytes: {error}")))?;
    Ok(bytes)
}

/// A new id of cuid's form behind a prefix: a letter, then 23 lower-case letters and digits.
pub(crate) fn id(prefix: &str) -> Result<String, Error> {
    let mut number = u128::from_le_bytes(bytes()?);
    let mut id = String::with_capacity(prefix.len() + 24);
    id.push_str(prefix);
    id.push('c');
    for _ in 0..23 {
        let digit = u32::try_from(number % 36).unwrap_or_default();
        id.push(char::from_digit(digit, 36).unwrap_or('0'));
        number /= 36;
    }
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_their_form() {
        let made = id("tok_").unwrap();
        assert_eq!(made.len(), 28);
        assert!(made[4..].bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "{made}");
        assert_ne!(made, id("tok_").unwrap());
    }
}
