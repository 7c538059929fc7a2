//! What the kit itself finds out, beyond what `koogallery` says of a single answer: stable codes with a sentence, a cure and the rule, in
//! two languages. How it is found is in [`super::v2`] and [`super::v1`].

use koogallery::Language;

use super::Outcome;

macro_rules! kit_codes {
    ($(
        $name:ident = $code:literal, $outcome:ident, rule $rule:literal,
        en $english:literal / $english_cure:literal,
        zh $chinese:literal / $chinese_cure:literal;
    )*) => {
        /// One thing that the kit can find. The code is stable; sentences may get better.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum KitCode { $( #[doc = $english] $name, )* }

        impl KitCode {
            /// Every code, in the order in which a run meets them.
            pub const ALL: &[KitCode] = &[$( KitCode::$name, )*];

            /// The stable name.
            pub fn as_str(self) -> &'static str {
                match self { $( KitCode::$name => $code, )* }
            }

            /// Pass, warn, fail or skip.
            pub fn outcome(self) -> Outcome {
                match self { $( KitCode::$name => Outcome::$outcome, )* }
            }

            /// The section of seller-protocol that it rests on; empty for what is no rule of the protocol.
            pub fn rule(self) -> &'static str {
                match self { $( KitCode::$name => $rule, )* }
            }

            /// Sentence and cure with `{names}` in them.
            pub fn template(self, language: Language) -> (&'static str, &'static str) {
                match (self, language) {
                    $(
                        (KitCode::$name, Language::English) => ($english, $english_cure),
                        (KitCode::$name, Language::Chinese) => ($chinese, $chinese_cure),
                    )*
                }
            }
        }
    };
}

kit_codes! {
    // ---- The connection ----
    AddressOpen = "address_open", Pass, rule "1.1",
        en "The address may be called." / "",
        zh "该地址可以调用。" / "";
    TlsGood = "tls_good", Pass, rule "1.1",
        en "TLS {version}; the certificate is trusted, valid now and names this host." / "",
        zh "TLS {version}；证书可信、在有效期内且与主机名一致。" / "";
    TlsAbsent = "tls_absent", Warn, rule "1.1",
        en "The address is plain http, so TLS and the certificate were not tried." / "Fine on your own machine. A marketplace calls https with TLS 1.2 or later only; run this once more against the https address before you release.",
        zh "该地址为http，未检查TLS和证书。" / "本机调试可以使用。云商店只调用TLS 1.2及以上的https地址，发布前请对https地址再运行一次。";
    CertificateEndsSoon = "certificate_ends_soon", Warn, rule "1.1",
        en "The certificate ends within 14 days." / "Renew it. After its last day every call fails, and five days of failed dial tests hide the product.",
        zh "证书将在14天内到期。" / "请续期。到期后所有调用都会失败，拨测连续失败5天商品会被隐藏。";
    CertificateOfOwnAuthority = "certificate_of_own_authority", Warn, rule "1.1",
        en "The certificate is trusted only because of --ca-file." / "Fine for trying. A marketplace trusts public certificate authorities only.",
        zh "该证书仅因--ca-file而被信任。" / "调试可以使用。云商店只信任公共CA签发的证书。";
    ClocksAgree = "clocks_agree", Pass, rule "2.4",
        en "The clock of the system (header Date) differs from ours by {difference_s} s." / "",
        zh "系统时钟（消息头Date）与本机相差{difference_s}秒。" / "";
    ClocksDiffer = "clocks_differ", Warn, rule "2.4",
        en "The clock of the system (header Date) differs from ours by {difference_s} s. Calls count for 60 s only." / "Keep the clocks of both machines by NTP. Beyond 60 s every call is refused with 000002.",
        zh "系统时钟（消息头Date）与本机相差{difference_s}秒，而调用的有效期只有60秒。" / "请用NTP同步两台机器的时钟。相差超过60秒时所有调用都会被拒绝（000002）。";
    // ---- Our signature is refused: which slip is it? ----
    SignatureSlip = "signature_slip", Fail, rule "2.3",
        en "The system refuses the right signature and takes one that is computed wrongly. {mistake}" / "Mend this in the function that computes the signature. For the call above: payload {payload} ; inner {inner} ; right signature {signature}",
        zh "系统拒绝了正确的签名，却接受了错误计算的签名。{mistake}" / "请修改计算签名的函数。对上述调用：payload {payload} ；inner {inner} ；正确的签名 {signature}";
    SignatureSlipUnknown = "signature_slip_unknown", Fail, rule "2.3",
        en "The system refuses the right signature, and none of the {tried} slips that we know explains it." / "First compare the keys: ours ends in {key_end}. Then log your own values for the call above and compare. Payload {payload} ; inner HMAC {inner} ; signed text: key, then {nonce}, then {timestamp}, then the inner HMAC ; right signature {signature}",
        zh "系统拒绝了正确的签名，已知的{tried}种错误都无法解释。" / "请先核对密钥：本端密钥以{key_end}结尾。再打印您对上述调用的计算值逐项比较：payload {payload} ；内层HMAC {inner} ；待签名文本为密钥、{nonce}、{timestamp}、内层HMAC依次拼接 ；正确的签名 {signature}";
    TokenSlip = "token_slip", Fail, rule "6.2",
        en "The system refuses the right authToken and takes one that is computed wrongly. {mistake}" / "Mend this in the function that computes the token. For the call above: text {text} ; right token {token}",
        zh "系统拒绝了正确的authToken，却接受了错误计算的令牌。{mistake}" / "请修改计算令牌的函数。对上述调用：待签名文本 {text} ；正确的令牌 {token}";
    TokenSlipUnknown = "token_slip_unknown", Fail, rule "6.2",
        en "The system refuses the right authToken, and none of the {tried} slips that we know explains it." / "First compare the keys: ours ends in {key_end}. Then log your own values for the call above and compare. Text {text} ; HMAC key: the access key, then {timestamp} ; right token {token}",
        zh "系统拒绝了正确的authToken，已知的{tried}种错误都无法解释。" / "请先核对密钥：本端密钥以{key_end}结尾。再打印您对上述调用的计算值逐项比较：待签名文本 {text} ；HMAC密钥为访问密钥后接{timestamp} ；正确的令牌 {token}";
    TimestampInSecondsWanted = "timestamp_in_seconds_wanted", Fail, rule "1.2",
        en "The system refuses a timestamp in milliseconds and takes one in seconds." / "Read timestamp as Unix milliseconds, 13 digits.",
        zh "系统拒绝毫秒时间戳，却接受秒时间戳。" / "timestamp为13位的Unix毫秒，请按毫秒读取。";
    // ---- The same call twice ----
    InstanceUnchanged = "instance_unchanged", Pass, rule "1.4",
        en "The same order line, sent twice, was answered with the same instance." / "",
        zh "同一订单行两次调用返回了相同的实例。" / "";
    InstancesDiffer = "instances_differ", Pass, rule "3.1",
        en "Two orders were answered with two instances." / "",
        zh "两个订单返回了两个不同的实例。" / "";
    RepeatTaken = "repeat_taken", Pass, rule "1.4",
        en "The same call, sent twice, succeeded twice." / "",
        zh "同一调用发送两次，两次都成功。" / "";
    RepeatRefused = "repeat_refused", Fail, rule "1.4",
        en "The same call succeeded at first and was refused when it came again." / "Answer a repeated call with success and change nothing more. Calls are repeated whenever an answer is lost, and saved cases run twice a day.",
        zh "同一调用第一次成功，重复时被拒绝。" / "重复的调用应返回成功且不再改变任何内容。返回丢失时会重复调用，已保存的用例每天也会运行两次。";
    // ---- What must be refused ----
    WrongSignatureRefused = "wrong_signature_refused", Pass, rule "2.4",
        en "A call with a wrong signature was refused." / "",
        zh "签名错误的调用被拒绝。" / "";
    WrongSignatureTaken = "wrong_signature_taken", Fail, rule "2.4",
        en "A call with a wrong signature was obeyed: whoever knows the address can give orders." / "Compute the signature, compare it, and answer 000001 before doing anything else.",
        zh "签名错误的调用被执行：知道地址的任何人都能下达指令。" / "请先计算并比较签名，不一致时返回000001，再做其他处理。";
    MissingSignatureRefused = "missing_signature_refused", Pass, rule "2.4",
        en "A call without a signature was refused." / "",
        zh "没有签名的调用被拒绝。" / "";
    MissingSignatureTaken = "missing_signature_taken", Fail, rule "2.4",
        en "A call without a signature was obeyed: whoever knows the address can give orders." / "Answer 000001 when the signature is absent.",
        zh "没有签名的调用被执行：知道地址的任何人都能下达指令。" / "没有签名时请返回000001。";
    StaleRefused = "stale_timestamp_refused", Pass, rule "2.4",
        en "A well signed call that is two minutes old was refused." / "",
        zh "签名正确但已过两分钟的调用被拒绝。" / "";
    StaleTaken = "stale_timestamp_taken", Fail, rule "2.4",
        en "A well signed call that is two minutes old was obeyed, so a recorded call can be sent again later." / "Answer 000002 when your clock is more than 60,000 ms ahead of timestamp.",
        zh "签名正确但已过两分钟的调用被执行，截获的调用可以稍后重放。" / "当前时间比timestamp晚60000毫秒以上时请返回000002。";
    StaleTakenV1 = "stale_time_stamp_taken", Warn, rule "6.2",
        en "A well signed call that is two minutes old was obeyed. Version 1.0 prescribes no limit." / "Look at timeStamp and refuse calls older than 60 s, so that a recorded call cannot be sent again later.",
        zh "签名正确但已过两分钟的调用被执行。1.0版本未规定时限。" / "建议检查timeStamp并拒绝超过60秒的调用，防止重放。";
    FutureRefused = "future_timestamp_refused", Pass, rule "2.4",
        en "A call from ten minutes in the future was refused." / "",
        zh "时间戳在十分钟之后的调用被拒绝。" / "";
    FutureTaken = "future_timestamp_taken", Warn, rule "2.4",
        en "A call from ten minutes in the future was obeyed, as Huawei's sample does." / "Refuse a difference of more than 60 s in both directions: such a call could be kept and sent until its time has come.",
        zh "时间戳在十分钟之后的调用被执行（与华为示例一致）。" / "建议双向拒绝相差60秒以上的调用，否则可被保留到该时间之前重放。";
    ReplayRefused = "replay_refused", Pass, rule "2.4",
        en "The same bytes with the same nonce, sent twice, were refused the second time." / "",
        zh "相同随机数的同一请求，第二次被拒绝。" / "";
    ReplayTaken = "replay_taken", Warn, rule "2.4",
        en "The same bytes with the same nonce were obeyed twice, as Huawei's sample does." / "Remember each nonce for two minutes and answer 000001 when it comes again.",
        zh "相同随机数的同一请求两次都被执行（与华为示例一致）。" / "建议将随机数保留两分钟，再次出现时返回000001。";
    UnknownActivityRefused = "unknown_activity_refused", Pass, rule "5",
        en "A well signed call with an activity that does not exist was refused." / "",
        zh "签名正确但activity不存在的调用被拒绝。" / "";
    UnknownActivityTaken = "unknown_activity_taken", Fail, rule "5",
        en "A call with the activity {activity}, which does not exist, was answered with success." / "Answer 000002 to every activity that you do not know; success says that something was done.",
        zh "activity为{activity}（不存在）的调用返回了成功。" / "不认识的activity请返回000002；返回成功表示已经处理。";
    UnknownInstanceRefused = "unknown_instance_refused", Pass, rule "5",
        en "A call about an instance that does not exist was refused." / "",
        zh "针对不存在的实例的调用被拒绝。" / "";
    UnknownInstanceEmpty = "unknown_instance_empty", Warn, rule "3.2",
        en "A query for an instance that does not exist was answered with success and no entry, as Huawei's sample does." / "Answer 000003, so that the marketplace can tell a lost instance from one that is not ready.",
        zh "查询不存在的实例时返回了成功和空列表（与华为示例一致）。" / "建议返回000003，以便区分实例不存在和尚未就绪。";
    UnknownInstanceTaken = "unknown_instance_taken", Warn, rule "5",
        en "A call about an instance that does not exist was answered with success." / "Answer 000003 unless testFlag is 1; otherwise a lost instance is never noticed.",
        zh "针对不存在的实例的调用返回了成功。" / "testFlag不为1时请返回000003，否则实例丢失无法被发现。";
    OtherCode = "refused_with_other_code", Warn, rule "5",
        en "It was refused with {found}; {expected} is documented for this." / "Answer {expected}: the marketplace shows its meaning to the one who has to mend it.",
        zh "返回码为{found}，文档规定为{expected}。" / "请返回{expected}，云商店会把其含义展示给处理人员。";
    RefusedByStatus = "refused_with_status", Warn, rule "2.4",
        en "It was refused with the HTTP status {status}; 200 and resultCode {expected} are documented for this." / "Answer 200 with resultCode {expected}, so that the reason arrives.",
        zh "以HTTP状态码{status}拒绝，文档规定为200和resultCode {expected}。" / "请返回200和resultCode {expected}，以便传递原因。";
    RefusalBroken = "refusal_broken", Fail, rule "1.6",
        en "It was neither obeyed nor refused: no result code came back." / "Refuse with HTTP status 200, JSON and resultCode {expected}. A crash here can be caused by anybody who knows the address.",
        zh "既未执行也未拒绝：没有返回resultCode。" / "请以HTTP 200、JSON和resultCode {expected}拒绝。否则任何知道地址的人都能使系统出错。";
    // ---- What must be taken ----
    ExtraMembersTaken = "extra_members_taken", Pass, rule "2.3",
        en "A call with one member more than documented was obeyed." / "",
        zh "带有额外成员的调用被执行。" / "";
    ExtraMembersRefused = "extra_members_refused", Warn, rule "2.3",
        en "A well signed call with one member more ({member}) was refused with {found}. No marketplace sends such a member today." / "Sign the body byte for byte as it arrived, and ignore members that you do not know: later versions may add some.",
        zh "签名正确但带有额外成员（{member}）的调用被拒绝，返回码{found}。目前云商店不会发送此类成员。" / "请对收到的字节原样计算签名，并忽略不认识的成员；后续版本可能增加成员。";
    ChineseTaken = "chinese_text_taken", Pass, rule "2.3",
        en "A call with Chinese text was obeyed." / "",
        zh "带有中文的调用被执行。" / "";
    ChineseRefused = "chinese_text_refused", Fail, rule "2.3",
        en "A well signed call with Chinese text ({text}) was refused with {found}." / "Read and sign the body as UTF-8 and do not escape it: in many languages the default of the JSON writer or of the platform is another.",
        zh "签名正确但带有中文（{text}）的调用被拒绝，返回码{found}。" / "请按UTF-8读取并计算签名，不要转义；许多语言的JSON库或平台默认值并非如此。";
    // ---- Not tried ----
    SkippedNotReached = "skipped_not_reached", Skip, rule "",
        en "Not tried: the address was not reached." / "",
        zh "未执行：无法连接该地址。" / "";
    SkippedNoAnswer = "skipped_no_answer", Skip, rule "",
        en "Not tried: two calls in a row ran into the time limit." / "",
        zh "未执行：连续两次调用超时。" / "";
    SkippedTimeOver = "skipped_time_over", Skip, rule "",
        en "Not tried: the run has taken {limit_s} s, its own limit." / "",
        zh "未执行：运行时间已达到上限{limit_s}秒。" / "";
    SkippedSignature = "skipped_signature", Skip, rule "",
        en "Not tried: the system refuses our signature, so it would tell nothing." / "",
        zh "未执行：系统拒绝本端签名，继续没有意义。" / "";
    SkippedNoResult = "skipped_no_result", Skip, rule "",
        en "Not tried: good calls are not answered with a result code yet, so refusals would tell nothing." / "",
        zh "未执行：正常调用尚未返回resultCode，继续没有意义。" / "";
    SkippedNoOtherOrder = "skipped_no_other_order", Skip, rule "",
        en "Not tried: one --order was given; give it twice, with another order, to try two." / "",
        zh "未执行：只指定了一个--order；请用另一个订单再指定一次。" / "";
    SkippedNoExtraMembers = "skipped_no_extra_members", Skip, rule "",
        en "Not tried: the text would travel in a member that the system refuses already." / "",
        zh "未执行：承载中文的额外成员已被系统拒绝。" / "";
}
