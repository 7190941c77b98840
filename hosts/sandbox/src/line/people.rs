//! Invented people and groups: stable names by id, who blocked whom, who hides their profile.

use std::collections::HashSet;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::bounded::lock;
use crate::ids::stable_number;
use crate::names::Names;

/// The picture every invented profile shows.
pub(crate) const PICTURE: &[u8] = include_bytes!("../../assets/avatar.png");

const NAMES: [(&str, &str); 16] = [
    ("มะลิ", "th"),
    ("สมชาย", "th"),
    ("สุดา", "th"),
    ("ก้อง", "th"),
    ("ปิยะ 🌸", "th"),
    ("น้องฟ้า", "th"),
    ("อาทิตย์", "th"),
    ("วรรณา", "th"),
    ("แป้ง", "th"),
    ("ณัฐ", "th"),
    ("Anna", "en"),
    ("Ben", "en"),
    ("Chloe", "en"),
    ("Daniel", "en"),
    ("Emma", "en"),
    ("Frank", "en"),
];

const GROUPS: [&str; 4] = ["ครอบครัว", "เพื่อนที่ทำงาน", "Weekend football", "ลูกค้าประจำ"];

#[derive(Debug)]
pub(super) struct People {
    register: Mutex<Register>,
    names: Names,
}

#[derive(Debug, Default)]
struct Register {
    blocked: HashSet<(String, String)>,
    hidden: HashSet<String>,
    left: HashSet<(String, String)>,
}

impl People {
    pub(super) fn new(names: Names) -> Self {
        Self { register: Mutex::default(), names }
    }

    /// A profile as the profile path answers it.
    pub(super) fn profile(&self, user: &str, own_url: &str) -> Value {
        let (name, language) = self.name_of(user);
        json!({
            "displayName": name,
            "userId": user,
            "language": language,
            "pictureUrl": picture_url(user, own_url),
            "statusMessage": "sandbox",
        })
    }

    /// A profile as the paths for members of groups and rooms answer it.
    pub(super) fn member(&self, user: &str, own_url: &str) -> Value {
        json!({ "displayName": self.name_of(user).0, "userId": user, "pictureUrl": picture_url(user, own_url) })
    }

    fn name_of(&self, user: &str) -> (String, String) {
        if let Some(name) = self.names.of(user) {
            return (name.full(), name.language);
        }
        let (name, language) = pick(&NAMES, user);
        ((*name).to_owned(), (*language).to_owned())
    }

    pub(super) fn set_blocked(&self, destination: &str, user: &str, blocked: bool) {
        let pair = (destination.to_owned(), user.to_owned());
        let mut register = lock(&self.register);
        if blocked {
            register.blocked.insert(pair)
        } else {
            register.blocked.remove(&pair)
        };
    }

    pub(super) fn blocked(&self, destination: &str, user: &str) -> bool {
        let register = lock(&self.register);
        // The usual case needs no key built.
        !register.blocked.is_empty() && register.blocked.contains(&(destination.to_owned(), user.to_owned()))
    }

    pub(super) fn set_consent(&self, user: &str, consents: bool) {
        let mut register = lock(&self.register);
        if consents {
            register.hidden.remove(user)
        } else {
            register.hidden.insert(user.to_owned())
        };
    }

    pub(super) fn hidden(&self, user: &str) -> bool {
        lock(&self.register).hidden.contains(user)
    }

    pub(super) fn set_left(&self, destination: &str, chat: &str, left: bool) {
        let pair = (destination.to_owned(), chat.to_owned());
        let mut register = lock(&self.register);
        if left {
            register.left.insert(pair)
        } else {
            register.left.remove(&pair)
        };
    }

    pub(super) fn left(&self, destination: &str, chat: &str) -> bool {
        let register = lock(&self.register);
        !register.left.is_empty() && register.left.contains(&(destination.to_owned(), chat.to_owned()))
    }
}

pub(super) fn group(group: &str, own_url: &str) -> Value {
    let name = pick(&GROUPS, group);
    json!({ "groupId": group, "groupName": name, "pictureUrl": picture_url(group, own_url) })
}

fn pick<'a, T>(from: &'a [T], id: &str) -> &'a T {
    let place = stable_number(id) % (from.len() as u64);
    &from[usize::try_from(place).unwrap_or(0)]
}

fn picture_url(id: &str, own_url: &str) -> String {
    format!("{own_url}/_sandbox/line/pictures/{id}.png")
}
