### 服务商系统推送的使用量记录。

nav-usage = 使用量记录
usage-title = 使用量记录
usage-lead = 您的系统上报的使用量，最新的在前。被拒绝的记录不计入：请修正后重新推送。
usage-instance = 实例
usage-span = 时间段
usage-amount = 用量
usage-state = 状态
usage-reason = 原因
usage-received = 收到时间：{ $time }
usage-all = 全部
usage-state-received = 校验中
usage-state-accepted = 已接受
usage-state-rejected = 已拒绝
usage-empty-title = 暂无使用量记录
usage-empty-text = 您的系统推送按需商品的使用量后，每条记录及其结果都会显示在这里。
usage-filtered-title = 没有该状态的记录
usage-filtered-text = 其他记录可能处于别的状态。
usage-show-all = 查看全部记录
usage-fault-number-taken = 该 metering_sn 已属于另一条内容不同的记录，以那条为准。请为本条记录使用新的编号。
usage-fault-record-time-unreadable = record_time 不是时间。请写成 20260115T090000Z（UTC）。
usage-fault-begin-time-unreadable = begin_time 不是时间。请写成 20260115T090000Z（UTC）。
usage-fault-end-time-unreadable = end_time 不是时间。请写成 20260115T090000Z（UTC）。
usage-fault-value-unreadable = 用量必须大于0，小数点前最多8位，小数最多4位。
usage-fault-ends-before-it-begins = 时间段的结束早于开始。
usage-fault-ends-after-record = 记录生成于时间段结束之前。
usage-fault-recorded-in-the-future = 记录生成时间在未来。请检查系统时钟。
usage-fault-too-old = 时间段的开始距推送已超过21天。
usage-fault-no-such-instance = 您没有这个实例。请使用创建时您的系统返回的实例ID。
usage-fault-other-product = 该实例属于另一商品。
usage-fault-not-pay-per-use = 该实例按周期或一次性销售，不按使用量计费。
usage-fault-before-start = 时间段的开始早于实例启用时间。
usage-fault-after-close = 时间段的结束晚于实例关闭时间。
usage-fault-duplicate = 同一实例同一时间段已有计入的记录。

notice-usage-rejected-subject = 有使用量记录被拒绝
notice-usage-rejected-body = 您的系统今天推送的部分使用量记录不计入。页面上逐条说明了原因：请修正后重新推送。此通知每天只发一次。
