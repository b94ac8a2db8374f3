//! The words by which programs tell problems of input apart.

/// Defines the codes with their words, so that no code lacks one and [`Code::ALL`] lacks none.
macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident $word:literal)*) => {
        /// What kind of problem it is, for programs. A code once given out keeps its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $code),* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$code),*];

            /// The word.
            pub const fn name(self) -> &'static str {
                match self { $(Code::$code => $word),* }
            }
        }
    };
}

codes! {
    /// It has to be there.
    Required "REQUIRED"
    /// An object has no such field.
    UnknownField "UNKNOWN_FIELD"
    /// A route has no such query parameter.
    UnknownParameter "UNKNOWN_PARAMETER"
    /// It was given more than once.
    Repeated "REPEATED"
    /// It is not JSON.
    NotJson "NOT_JSON"
    /// It is not UTF-8, or not Unicode.
    NotUtf8 "NOT_UTF8"
    /// It begins with a byte-order mark.
    ByteOrderMark "BYTE_ORDER_MARK"
    /// It is of another type or form.
    WrongType "WRONG_TYPE"
    /// It is `null` where that means nothing.
    NullNotAllowed "NULL_NOT_ALLOWED"
    /// It has too many characters or bytes.
    TooLong "TOO_LONG"
    /// It is empty, or has too few characters or members.
    TooShort "TOO_SHORT"
    /// It has too many members or levels.
    TooMany "TOO_MANY"
    /// It is a number or a duration beyond the limits.
    OutOfRange "OUT_OF_RANGE"
    /// It is none of the words that are known there.
    UnknownWord "UNKNOWN_WORD"
    /// No event has this name.
    UnknownEvent "UNKNOWN_EVENT"
    /// It is not a date and time.
    BadTime "BAD_TIME"
    /// It is not a place in this list or stream.
    BadCursor "BAD_CURSOR"
    /// It has to be later.
    NotAfter "NOT_AFTER"
    /// There is no such project there.
    NoSuchProject "NO_SUCH_PROJECT"
    /// There is no such person.
    NoSuchUser "NO_SUCH_USER"
    /// There is no such company.
    NoSuchCompany "NO_SUCH_COMPANY"
    /// The person is not in the project.
    NotAMember "NOT_A_MEMBER"
    /// It is not a URL.
    NotAUrl "NOT_A_URL"
    /// It is neither `http` nor `https`.
    UrlScheme "URL_SCHEME"
    /// A URL with a user name or a password.
    UrlCredentials "URL_CREDENTIALS"
    /// A URL with a fragment.
    UrlFragment "URL_FRAGMENT"
    /// A URL without a host, or with one that cannot be called.
    UrlHost "URL_HOST"
    /// A URL whose host is never public.
    UrlNeverPublic "URL_NEVER_PUBLIC"
    /// A URL that leads to an address that is not public.
    PrivateAddress "PRIVATE_ADDRESS"
    /// A URL whose host does not resolve.
    UrlUnresolved "URL_UNRESOLVED"
    /// A header that only Bluehook or HTTP itself may set.
    HeaderReserved "HEADER_RESERVED"
    /// It cannot be the name of a header.
    HeaderName "HEADER_NAME"
    /// It cannot be the value of a header.
    HeaderValue "HEADER_VALUE"
    /// A secret that is too short or too long.
    SecretLength "SECRET_LENGTH"
    /// A secret that says that it is base64, and is not.
    SecretEncoding "SECRET_ENCODING"
    /// A filter has no such operator.
    FilterOperator "FILTER_OPERATOR"
    /// An operator of a filter with an operand of the wrong type.
    FilterOperand "FILTER_OPERAND"
    /// A part of a filter that says nothing.
    FilterEmpty "FILTER_EMPTY"
    /// An operator of a filter in a place where it means nothing.
    FilterPlace "FILTER_PLACE"
    /// A filter that is nested too deep.
    FilterDepth "FILTER_DEPTH"
    /// A filter that is too large.
    FilterSize "FILTER_SIZE"
    /// A filter with too many conditions.
    FilterConditions "FILTER_CONDITIONS"
}
