//! The platform's categories: a short fixed list that storefront, release form and search share (functions.md 3.2).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::Language;

macro_rules! categories {
    ($($name:ident $code:literal $english:literal $chinese:literal $icon:literal;)*) => {
        /// What a product is about. One per product.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Category {
            $(#[doc = $english] $name,)*
        }

        impl Category {
            /// Every category, in the order that pages show them.
            pub const ALL: &[Category] = &[$(Category::$name),*];

            /// The word in addresses, columns and JSON.
            pub fn code(self) -> &'static str {
                match self { $(Category::$name => $code,)* }
            }

            /// What people call it.
            pub fn name(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Category::$name, Language::English) => $english, (Category::$name, Language::Chinese) => $chinese,)*
                }
            }

            /// The lucide icon that stands for it.
            pub fn icon(self) -> &'static str {
                match self { $(Category::$name => $icon,)* }
            }
        }
    };
}

categories! {
    Storage "storage" "Storage and data" "存储与数据" "database";
    Backup "backup" "Backup and recovery" "备份与恢复" "history";
    Databases "databases" "Databases" "数据库" "database";
    Security "security" "Security and identity" "安全与身份" "shield-check";
    Monitoring "monitoring" "Monitoring and operations" "监控与运维" "activity";
    Development "development" "Development tools" "开发工具" "code";
    Analytics "analytics" "Analytics and AI" "分析与人工智能" "chart-line";
    Networking "networking" "Networking" "网络" "network";
    Office "office" "Office and collaboration" "办公协同" "users";
    Finance "finance" "Finance and tax" "财务与税务" "receipt";
    Commerce "commerce" "Commerce and marketing" "电商与营销" "shopping-bag";
    Industry "industry" "Industry applications" "行业应用" "factory";
    Services "services" "Migration and consulting" "迁移与咨询" "handshake";
}

impl FromStr for Category {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Category::ALL.iter().copied().find(|category| category.code() == code).ok_or(())
    }
}

impl Serialize for Category {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Category {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        code.parse().map_err(|()| serde::de::Error::custom("not a category"))
    }
}
