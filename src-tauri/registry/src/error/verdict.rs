//! Whether another way to the same registry could end differently.

use super::RegistryError;

impl RegistryError {
    /// Whether the registry itself has answered. An engine that asks it the same from elsewhere, and as the same user,
    /// will not hear anything else.
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Reference { .. }
                | Self::Unauthorized { .. }
                | Self::Forbidden { .. }
                | Self::RepositoryUnknown { .. }
                | Self::ImageUnknown { .. }
                | Self::RateLimited { .. }
                | Self::WrongPlatform { .. }
        )
    }
}
