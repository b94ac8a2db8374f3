//! A URL tried before it is saved: of a certificate that is believed is told until when it holds and who gave it out, and
//! nothing is sent. What is not believed is told in `tls`.

use bluehook_dispatcher::{Step, UrlCheck};

use crate::{
    certificates::{Authority, Identity, valid},
    house::{House, TIMEOUT},
    receiver::{OK, Receiver, answer},
};

/// What a house that trusts an authority finds of a receiver with this certificate.
async fn found(authority: &Authority, identity: &Identity) -> UrlCheck {
    let house = House::with(|config| {
        config.timeout = 5 * TIMEOUT;
        config.ca_file = Some(authority.file());
    })
    .await;
    let receiver = Receiver::over(Some(identity.acceptor(&["http/1.1"])), |_| answer(OK)).await;
    let found = house.dispatcher.check_url(&receiver.url()).await;
    assert_eq!(receiver.requests().len(), 0, "no request is made");
    found
}

#[tokio::test]
async fn a_good_certificate_is_told() {
    let known = Authority::new();
    for identity in [known.good(), known.below(true)] {
        let found = found(&known, &identity).await;
        assert!(found.is_ok(), "{found:?}");
        let steps: Vec<Step> = found.steps.iter().map(|(step, _)| *step).collect();
        assert_eq!(steps, [Step::Syntax, Step::Address, Step::Connect, Step::Tls]);
    }
    let certificate = found(&known, &known.identity(&valid(2020, 2090))).await.certificate.unwrap();
    assert_eq!((certificate.expires_at, &*certificate.issuer), (3_786_912_000_000, "The tests' own"));
}
