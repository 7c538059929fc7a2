//! The platform's categories: a short fixed list that storefront, release form and search share (functions.md 3.2).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::Language;

macro_rules! categories {
    ($($name:ident $code:literal $english:literal $chinese:literal;)*) => {
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
        }
    };
}

categories! {
    Backup "backup" "Backup and recovery" "备份与恢复";
    Databases "databases" "Databases" "数据库";
    Security "security" "Security and sign-in" "安全与登录";
    Operations "operations" "Monitoring and operations" "监控与运维";
    Development "development" "Developer tools" "开发工具";
    Analytics "analytics" "Data and analytics" "数据与分析";
    Office "office" "Office and teamwork" "办公与协作";
    Finance "finance" "Finance and tax" "财务与税务";
    Commerce "commerce" "Shops and customers" "电商与客户";
    People "people" "People and payroll" "人事与薪酬";
    Websites "websites" "Websites and content" "网站与内容";
    Advice "advice" "Migration and advice" "迁移与咨询";
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
