use super::*;
use crate::{DirectoryChange, house::House};

#[tokio::test]
async fn nothing_is_made_of_what_went_while_it_was_checked() {
    for (gone, place) in [
        (DirectoryChange::DeleteUser("ada".to_owned()), "/createdById"),
        (DirectoryChange::DeleteProject("p".to_owned()), "/projectIds/0"),
        (DirectoryChange::DeleteCompany("c".to_owned()), "/companyId"),
    ] {
        let house = House::new().await;
        let new = NewWebhook { project_ids: vec!["p".to_owned()], ..House::new_webhook() };
        let (draft, _) = house.dispatcher.draft(new).await.unwrap();
        house.told(gone).await;
        let put = move |writing: &Writing<'_>, context: &mut Context| {
            draft.put(writing, context, &Author::server())
        };
        let refused = house.dispatcher.store.change(put).await;
        let Err(Error::Invalid(problems)) = refused else { panic!("{refused:?}") };
        assert_eq!(problems[0].pointer, place);
    }
}
