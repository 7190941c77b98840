//! Which methods an address takes, for the `Allow` header of a refusal (RFC 9110, section 15.5.6).

use serde_json::Value;

/// Pages that the document does not describe.
const PAGES: [&str; 5] = ["/docs", "/openapi.json", "/events.schema.json", "/problems/{code}", "/api/ws"];

/// The methods of every address.
pub(crate) struct Methods(Vec<(Vec<String>, String)>);

impl Methods {
    /// Of the OpenAPI document.
    pub(crate) fn of(document: &str) -> Self {
        let document: Value = serde_json::from_str(document).unwrap_or_default();
        let mut known: Vec<(Vec<String>, String)> =
            PAGES.iter().map(|path| (segments(path), "GET".to_owned())).collect();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            let methods: Vec<String> =
                item.as_object().into_iter().flatten().map(|(name, _)| name.to_uppercase()).collect();
            known.push((segments(path), methods.join(", ")));
        }
        Self(known)
    }

    /// What an address takes; `None` when there is none such.
    pub(crate) fn allowed(&self, path: &str) -> Option<&str> {
        let asked = segments(path);
        // A plain address wins over one with a parameter in the same place.
        let fits = |(known, _): &&(Vec<String>, String)| {
            known.len() == asked.len()
                && known.iter().zip(&asked).all(|(known, asked)| known.starts_with('{') || known == asked)
        };
        let parameters = |known: &[String]| known.iter().filter(|segment| segment.starts_with('{')).count();
        let found = self.0.iter().filter(fits).min_by_key(|(known, _)| parameters(known));
        found.map(|(_, methods)| methods.as_str())
    }
}

fn segments(path: &str) -> Vec<String> {
    path.split('/').map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_address_wins_over_a_parameter() {
        let document = r#"{"paths": {"/api/a/{id}": {"get": {}, "patch": {}}, "/api/a/b": {"post": {}}}}"#;
        let methods = Methods::of(document);
        assert_eq!(methods.allowed("/api/a/b"), Some("POST"));
        assert_eq!(methods.allowed("/api/a/c"), Some("GET, PATCH"));
        assert_eq!(methods.allowed("/problems/internal"), Some("GET"));
        assert_eq!(methods.allowed("/api/a"), None);
        assert_eq!(methods.allowed("/api/a/b/c"), None);
    }
}
