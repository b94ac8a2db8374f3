//! What is masked of an address, in whatever form and place, and what is not.

use super::*;

#[test]
fn nobody_sees_the_password_of_an_address() {
    for (text, shown) in [
        ("postgres://user:password@db/b", "postgres://***@db/b"),
        ("smtp://me%40a:p%3Aw@mail:25", "smtp://***@mail:25"),
        ("https://token@example.com/a@b", "https://***@example.com/a@b"),
        ("https://:pw@[::1]:80/", "https://***@[::1]:80/"),
        ("postgres://u:p@ss@w0rd@db", "postgres://***@db"),
        ("postgres://u:p/w@db/b", "postgres://***@db/b"),
        ("postgres://u:p#w@db", "postgres://***@db"),
        ("found `http://a:b@c`, and amqp://d:e@f.", "found `http://***@c`, and amqp://***@f."),
        ("{\"url\":\"http://a:b@c/\",\"x\":\"y@z\"}", "{\"url\":\"http://***@c/\",\"x\":\"y@z\"}"),
        ("jdbc:postgresql://u:p@h and ://u:p@h", "jdbc:postgresql://***@h and ://***@h"),
        ("http://é:ü@ö/", "http://***@ö/"),
    ] {
        assert_eq!(user_info(text), shown, "{text}");
        assert_eq!(user_info(&user_info(text)), shown, "{text}");
    }
    for same in [
        "",
        "https://example.com/a@b?c=@",
        "http://127.0.0.1:8080/@",
        "http://[::1]/@",
        "ada@example.com",
        "sqlite:a@b.db",
        "://",
        "http://",
    ] {
        assert_eq!(user_info(same), same);
    }
}

#[test]
fn addresses_that_lack_something_have_passwords_too() {
    for (text, shown) in [
        ("http:me:hunter2@a/", "***@a/"),
        ("http:/me:hunter2@a/", "http:/***@a/"),
        ("http:\\\\me:hunter2@a/", "http:\\\\***@a/"),
        ("//me:hunter2@a/", "//***@a/"),
        ("me:hunter2@a:80", "***@a:80"),
        ("cannot read /x/postgres:/me:hunter2@a/b: no", "cannot read /***@a/b: no"),
        ("sqlite:me:hunter2@a", "sqlite:***@a"),
        ("postgres:///b?user=me&password=hunter2&sslmode=x", "postgres:///b?user=me&password=***&sslmode=x"),
        ("host=a password=hunter2 user=me", "host=a password=*** user=me"),
        ("host=a PASSWORD = 'hunter2 and \\' more' user=me", "host=a PASSWORD = *** user=me"),
        ("{\"a\":\"password=\\\"hunter2 x\\\" b\"}", "{\"a\":\"password=*** b\"}"),
    ] {
        assert_eq!(user_info(text), shown, "{text}");
        assert_eq!(user_info(&user_info(text)), shown, "{text}");
    }
}

#[test]
fn what_was_given_as_an_address_is_masked_to_its_last_at() {
    for (text, shown) in [
        ("http://me:hunter 2@a/", "http://***@a/"),
        ("http://me:\"hunter2\"@a/", "http://***@a/"),
        ("http://me:<hunter2>@a/", "http://***@a/"),
        ("http://me:a`hunter2@a/", "http://***@a/"),
        ("http://me:a\\hunter2@a/", "http://***@a/"),
        ("http://me:1/hunter2@a/", "http://***@a/"),
        ("http://me:80#hunter2@a/", "http://***@a/"),
        ("http://me:?hunter2@a/", "http://***@a/"),
        ("http:me:hunter 2@a", "***@a"),
        ("hunter2@x:y@a", "***@a"),
    ] {
        assert_eq!(value(text), shown, "{text}");
        let told = format!("found `{text}`, twice: {text}");
        let path = repeated("cannot read /a/http:/me:b c@d/e", ["http://me:b c@d/e"]);
        assert_eq!(path, "cannot read /a/http://***@d/e");
        assert_eq!(repeated(&told, ["", text]), format!("found `{shown}`, twice: {shown}"));
    }
    for same in
        ["", "https://example.com/a@b?c=@", "sqlite:a@b.db", "127.0.0.1:8080", "ada@example.com", "[::1]:80"]
    {
        assert_eq!(value(same), same);
        assert_eq!(repeated(same, [same]), same);
    }
}
