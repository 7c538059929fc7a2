### 账号：注册、登录、密码、会话、成员、访问密钥、首位运营人员。

# 问题
problem-email-taken = 此邮箱已注册。请直接登录，或使用其他邮箱。
problem-sign-in-failed = 邮箱与密码不匹配。
problem-account-disabled = 您所在组织的管理员已停用此账号。
problem-sign-up-closed = 本市场仅通过邀请开通账号。
problem-person-needed = 此操作须由本人使用密码登录后进行，不能使用访问密钥。请在浏览器中登录。
problem-password-wrong = 密码不正确。
problem-password-unchanged = 新密码与当前密码相同，请换一个。
problem-last-administrator = 这是最后一位管理员。请先将其他成员设为管理员。
problem-already-in-organisation = 此人已是您组织的成员。
problem-already-invited = 已邀请此人。可在下方列表中生成新链接。
problem-too-many-people = 一个组织最多{ $most }人（含邀请）。
problem-too-many-api-keys = 一个组织最多有{ $most }个有效访问密钥，请先吊销一个。
problem-invitation-spent = 此邀请已使用或已撤回，请索取新链接。
problem-invitation-expired = 此邀请已超过一周，请索取新链接。
problem-operator-link-spent = 此链接已失效。在运营方开通之前，服务器每次启动都会打印新链接。
problem-role = 请选择一个角色。
problem-language = 请选择一种语言。
problem-user-state = 请填写 enabled 或 disabled（启用或停用）。
problem-role-or-state = 请只填写角色或状态之一。

# 各页共用的字段
identity-email = 邮箱
identity-name = 您的姓名
identity-name-help = 同事和服务商对您的称呼。
identity-organisation-name = 组织名称
identity-organisation-name-help = 购买主体，公司或个人。服务商会在订单上看到。
identity-password = 密码
identity-new-password = 新密码
identity-password-help = 至少 8 个字符，15 个以上更好，可以是用空格隔开的几个词。只有攻击者会先试的密码才会被拒绝。
identity-language = 语言
identity-role = 角色
identity-role-administrator = 管理员
identity-role-administrator-help = 全部权限，包括成员和访问密钥。
identity-role-member = 成员
identity-role-member-help = 日常工作：购买、使用、发布、审核。
identity-role-finance = 财务
identity-role-finance-help = 订单和资金，不能更改商品和成员。
identity-role-viewer = 只读
identity-role-viewer-help = 只能查看，不能更改。

# 注册
identity-sign-up-title = 注册账号
identity-sign-up-lead = 一个账号即可查找、购买和使用软件。之后可以邀请同事，也可以申请入驻成为服务商。
identity-sign-up-button = 注册账号
identity-sign-up-instead-sign-in = 已有账号？

# 登录和退出
identity-sign-in-title = 登录
identity-sign-in-button = 登录
identity-sign-in-instead-sign-up = 还没有账号？
identity-signed-out = 您已退出登录。

# 再次验证
identity-confirm-title = 请再次输入密码
identity-confirm-lead = 您将查看或更改敏感内容。距上次输入密码超过 5 分钟时，需要再次输入。
identity-confirm-button = 继续
identity-confirm-as = 当前账号：{ $name }。

# 账号
identity-account-title = 您的账号
identity-account-saved = 个人资料已保存。
identity-account-organisation = 您在{ $organisation }的角色是{ $role }。
identity-account-email-fixed = 登录所用的邮箱，不可修改。
identity-account-nav = 账号页面
identity-account-menu-profile = 个人资料
identity-account-menu-password = 密码
identity-account-menu-sessions = 登录会话
identity-account-save = 保存个人资料

# 密码
identity-password-title = 修改密码
identity-current-password = 当前密码
identity-password-button = 修改密码
identity-password-effect = 此处保持登录，其他地方全部退出。
identity-password-changed = 密码已修改，其他地方已全部退出。

# 会话
identity-sessions-title = 登录会话
identity-sessions-lead = 如有您不认识的会话，请结束该会话并修改密码。
identity-sessions-browser-on = { $system }上的{ $browser }
identity-sessions-device = 浏览器或程序
identity-sessions-address = 网络地址
identity-sessions-opened = 登录时间
identity-sessions-seen = 最近活动
identity-sessions-this = 当前会话
identity-sessions-end = 结束
identity-sessions-end-which = 结束来自 { $address } 的会话
identity-sessions-end-others = 结束其他全部会话
identity-sessions-ended = 会话已结束。
identity-sessions-others-ended = { $count ->
    [0] 没有其他会话。
   *[other] 已结束其他{ $count }个会话。
}
identity-sessions-unknown-device = 未知

# 成员
identity-people-title = 成员管理
identity-people-lead = 代表{ $organisation }操作的所有人。
identity-people-name = 姓名
identity-people-email = 邮箱
identity-people-state = 状态
identity-people-enabled = 可以登录
identity-people-disabled = 已停用
identity-people-you = 您
identity-people-change-role = 更改角色
identity-people-change-role-of = { $name }的角色
identity-people-disable = 停用
identity-people-disable-who = 停用{ $name }
identity-people-disable-effect = 停用后立即退出登录，其创建的访问密钥同时失效。
identity-people-enable = 启用
identity-people-enable-who = 启用{ $name }
identity-people-changed = 角色已更改。
identity-people-was-disabled = 账号已停用，其会话已全部结束。
identity-people-was-enabled = 账号已启用。
identity-people-invite-title = 邀请成员
identity-people-invite-lead = 邀请链接会发送到对方邮箱，一周内可使用一次，由对方自行设置密码。您也会看到该链接。
identity-people-invite-name = 对方姓名
identity-people-invite-button = 生成邀请
identity-people-invitations = 未接受的邀请
identity-people-invited-until = { $time }前有效
identity-people-invitation-expired = 已过期
identity-people-invitation-renew = 新链接
identity-people-invitation-renew-who = 为{ $name }生成新链接
identity-people-invitation-withdraw = 撤回
identity-people-invitation-withdraw-who = 撤回对{ $name }的邀请
identity-people-invitation-withdrawn = 邀请已撤回。
identity-people-link-title = 邀请已生成
identity-people-link-lead = 链接会发送到{ $name }的邮箱，您也可以直接转交。链接仅在此显示一次，{ $time }前可使用一次。
identity-people-link = 邀请链接
identity-people-back = 返回成员列表

# 访问密钥
identity-keys-title = 访问密钥
identity-keys-lead = 供代表{ $organisation }的程序使用。密钥的权限与创建者相同，但不能管理成员和密钥；创建者停用后密钥失效。
identity-keys-name = 用途
identity-keys-name-help = 说明此密钥的用途，例如“夜间导入”。
identity-keys-access-key = 访问密钥
identity-keys-secret = 私密密钥
identity-keys-created = 创建时间
identity-keys-used = 最近使用
identity-keys-never-used = 从未使用
identity-keys-make = 创建访问密钥
identity-keys-revoke = 吊销
identity-keys-revoke-which = 吊销{ $name }
identity-keys-revoked = 密钥已吊销。
identity-keys-empty-title = 暂无访问密钥
identity-keys-empty-body = 只有您的程序需要访问本市场时才需要密钥。
identity-keys-made-title = 新的访问密钥
identity-keys-made-lead = 请立即保存私密密钥。仅显示这一次；如遗失，请另建密钥并吊销此密钥。
identity-keys-back = 返回访问密钥列表

# 接受邀请
identity-invitation-title = 加入{ $organisation }
identity-invitation-lead = 您受邀担任{ $role }，登录邮箱为 { $email }。
identity-invitation-button = 加入并登录

# 邀请邮件
identity-invitation-mail-subject = { $organisation }邀请您加入
identity-invitation-mail-body = { $organisation }邀请您加入其在本市场的组织。请打开下方页面并设置密码。链接在{ $until }前可使用一次。如与您无关，无需任何操作。

# 首位运营人员
identity-operator-title = 开通本市场
identity-operator-lead = 您是首位运营人员。请创建运营方组织和您的账号，之后可以邀请同事。
identity-operator-organisation = 运营方
identity-operator-organisation-help = 运营本市场的公司。
identity-operator-button = 开通市场

# 消息
notice-password-changed-subject = 您的密码已修改
notice-password-changed-body = 您的密码已修改，其他会话已全部结束。如非本人操作，请立即联系组织管理员停用您的账号。
notice-api-key-made-subject = 已创建新的访问密钥
notice-api-key-made-body = 已为您的组织创建访问密钥 { $access_key }（{ $name }）。
notice-role-changed-subject = 您的角色已更改
notice-role-changed-body = 您所在组织的管理员更改了您的权限。

# 会话结束时已填写的内容
identity-kept-lead = 提交前您已退出登录。请重新登录，填写的内容保留在此页面；文件需要重新选择。
identity-kept-title = 提交刚才填写的内容？
identity-kept-typed = 您已重新登录，以下内容尚未提交。密码和密钥不会保留。
identity-kept-send = 立即提交
identity-kept-leave = 不提交，返回
