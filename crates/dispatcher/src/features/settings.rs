//! Small settings that the program keeps beside the data.

use crate::{Dispatcher, Result, store::Change};

impl Dispatcher {
    /// A small setting that the program keeps beside the data.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub async fn setting(&self, name: impl Into<String>) -> Result<Option<String>> {
        let name = name.into();
        self.store.read(move |snapshot| snapshot.setting(&name)).await
    }

    /// Every small setting whose name begins with `prefix`: names and values, by name.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub async fn settings(&self, prefix: &'static str) -> Result<Vec<(String, String)>> {
        self.store.read(move |snapshot| snapshot.settings(prefix)).await
    }

    /// Keeps a small setting.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub async fn set_setting(&self, name: impl Into<String>, value: String) -> Result<()> {
        let name = name.into();
        self.store.change(move |writing, _| writing.put(Change::Setting(&name, Some(&value)))).await
    }

    /// Forgets a small setting. One that is not there is forgotten already.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub async fn delete_setting(&self, name: impl Into<String>) -> Result<()> {
        let name = name.into();
        self.store.change(move |writing, _| writing.put(Change::Setting(&name, None))).await
    }
}
