//! What can be wrong with a request, and what to do about it.

macro_rules! causes {
    ($($name:ident: $hint:literal,)*) => {
        /// What is wrong with a request, as far as it can be told.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Cause {
            $(#[doc = $hint] $name,)*
        }

        impl Cause {
            /// Every cause, in the order of their numbers.
            pub const ALL: [Cause; [$($hint),*].len()] = [$(Cause::$name),*];

            /// What to change, in a sentence or two for the person who runs the receiver.
            pub const fn hint(self) -> &'static str {
                match self {
                    $(Cause::$name => $hint,)*
                }
            }
        }
    };
}

causes! {
    NoHeaders: "No signature header arrived: the webhook has no secret (give it one), a proxy removed the headers, or these are not the request's headers.",
    NoSecret: "webhook-signature is missing: the webhook has no secret (give it one), or a proxy removed the header.",
    HeaderLost: "webhook-id, webhook-timestamp or webhook-signature is missing: a proxy removed it, or these are not all of the request's headers.",
    NoTimestamp: "Only X-Signature arrived, and requireTimestamp asks for webhook-id, webhook-timestamp and webhook-signature.",
    BlankSignature: "The signature header is empty: a proxy blanked it.",
    Sha256Prefix: "X-Signature begins with sha256=; the bare 64 hexadecimal digits are expected.",
    Base64NotHex: "X-Signature is base64; 64 hexadecimal digits are expected.",
    HeadersSwapped: "X-Signature holds what belongs into webhook-signature.",
    JoinedValues: "X-Signature arrived more than once, or was joined with another value.",
    NotHex: "X-Signature is not 64 hexadecimal digits: a proxy changed or cut it.",
    BadId: "webhook-id is empty or contains a full stop, which Standard Webhooks does not allow.",
    BadTimestamp: "webhook-timestamp is not a whole number of seconds since 1970.",
    NoVersion: "webhook-signature lacks its version: v1, is expected before the base64.",
    HexNotBase64: "webhook-signature is hexadecimal; base64 is expected after v1,.",
    NotBase64: "webhook-signature holds no signature of version v1: v1, and 44 characters of padded base64.",
    TooOld: "It is an old request sent again, it waited in a queue, or this machine's clock is ahead.",
    TooNew: "This machine's clock, or the sender's, is wrong.",
    Milliseconds: "webhook-timestamp is in milliseconds; seconds since 1970 are expected.",
    OtherDelivery: "X-Signature fits, so body and secret are right: webhook-id, webhook-timestamp or webhook-signature were changed or come from another delivery.",
    SecretDecorated: "The secret has white space or quotes around it, or another mark, that do not belong to it: look how the environment variable or file is written.",
    SecretInvisible: "The secret has invisible characters in it, such as a zero-width space from a web page: copy it again, or type around them.",
    SecretNamed: "The secret begins with a name and an equals sign or colon: pass only what follows.",
    SecretSeveral: "The secret holds several: pass them as a list, as in new Webhook([newSecret, oldSecret]).",
    SecretUrlSafe: "The secret is in URL-safe base64, with - and _: use + and / as it was shown.",
    SecretPrefix: "The secret lacks its beginning, whsec_: use it exactly as it was shown.",
    SecretDecoded: "The signature was made with the other reading of the secret: X-Signature is keyed by its text, webhook-signature by the bytes that the base64 after whsec_ encodes.",
    OldSecret: "The sender is changing secrets and signed with two; yours is an older one: pass the new secret and the current one.",
    SecretSpoilt: "The secret almost looks like whsec_ and base64, but cannot be decoded: compare it with what was shown.",
    OtherSecret: "Nothing that was tried fits: the secret is most likely another webhook's or an old one, or the body was changed. Compare it with what was shown for this webhook, or change it there.",
    BodyEmpty: "The body is empty: something read it already.",
    BodyCompressed: "The body is compressed, or in another encoding than UTF-8: undo that first; the signature is over the plain bytes.",
    BodyObject: "The body is the text of a JavaScript object: pass the raw bytes, before any parser reads them.",
    BodyForm: "The body is a form's, and Bluehook sends JSON: something wrote it anew: pass the bytes exactly as they came.",
    BodyBom: "A byte-order mark was added to or taken from the body: pass the bytes exactly as they came.",
    BodyTrailing: "White space or zeros were added to or taken from an end of the body, such as a newline: pass the bytes exactly as they came.",
    BodyLineEnds: "The body's line ends were changed between CRLF and LF: pass the bytes exactly as they came.",
    BodyMisread: "The body's UTF-8 was read as Latin-1: pass the bytes, or read them as UTF-8.",
    BodyBase64: "The body is still base64 (as AWS Lambda passes it when isBase64Encoded is true): decode it first.",
    BodyReserialised: "The body was parsed and written again, which changes white space, escapes or numbers: pass the raw bytes, before any parser reads them.",
    BodyLarge: "A body of more than 64 KiB is not looked into: are these the bytes exactly as they came, and is the secret this webhook's?",
    BodyCut: "The body ends in the middle: something cut it, or it was not read to its end.",
    BodyReplaced: "The body holds U+FFFD: characters were cut apart when pieces were turned into text (body += chunk). Gather the pieces as bytes and decode them once.",
    BodySpaced: "The body has white space between its tokens, which Bluehook never sends: it was probably parsed and written again. Pass the raw bytes, before any parser reads them.",
}
