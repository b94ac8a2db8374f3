//! Where a server is, as it was given: read before it is called, so that what is wrong with it is said of it and not of
//! the server.

use url::Url;

/// The address of a server, without a slash at the end.
///
/// # Errors
/// What is wrong with it.
pub(in crate::cli) fn of_server(text: &str) -> Result<String, String> {
    let url = of_http(text)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!(
            "expected the address of a server, without `?` and `#`, found `{}`",
            text.trim()
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("expected an address without a name and a password; the token says who calls".to_owned());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Any address that HTTP can call.
///
/// # Errors
/// What is wrong with it.
pub(in crate::cli) fn of_http(text: &str) -> Result<Url, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("it is empty; expected an address such as http://127.0.0.1:8080".to_owned());
    }
    if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(format!("there is white space in `{}`", text.escape_default()));
    }
    match text.split_once("://") {
        Some((scheme, _)) if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) => {
            return Err(format!("expected http:// or https://, found `{text}`"));
        }
        Some((_, "")) => return Err(format!("there is no host in `{text}`")),
        Some(_) => {}
        None => {
            let host = text.trim_start_matches("http:").trim_start_matches("https:").trim_start_matches('/');
            return Err(format!("there is no scheme in `{text}`; did you mean http://{host}?"));
        }
    }
    Url::parse(text).map_err(|error| format!("`{text}` is no address: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_servers() {
        for (text, read) in [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            (" https://Hooks.example.com/ \n", "https://hooks.example.com"),
            ("HTTP://a/base//", "http://a/base"),
            ("http://[::1]:80", "http://[::1]"),
        ] {
            assert_eq!(of_server(text).as_deref(), Ok(read), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, told) in [
            ("", "it is empty"),
            ("localhost:8080", "no scheme in `localhost:8080`; did you mean http://localhost:8080?"),
            ("127.0.0.1", "did you mean http://127.0.0.1?"),
            ("//a", "did you mean http://a?"),
            ("http:/a", "did you mean http://a?"),
            ("ftp://a", "expected http:// or https://"),
            ("htp://a", "expected http:// or https://"),
            ("http://a b", "white space in `http://a b`"),
            ("http://a\nb", "white space in `http://a\\nb`"),
            ("http://", "no host"),
            ("http://a:99999", "is no address"),
            ("http://a:x", "is no address"),
            ("http://[::1", "is no address"),
            ("http://a?b", "without `?` and `#`"),
            ("http://a#b", "without `?` and `#`"),
            ("http://me:pw@a", "without a name and a password"),
        ] {
            assert!(
                of_server(text).is_err_and(|problem| problem.contains(told)),
                "{text}: {:?}",
                of_server(text)
            );
        }
        assert!(!of_server("http://me:pw@a").unwrap_err().contains("pw@"));
    }
}
