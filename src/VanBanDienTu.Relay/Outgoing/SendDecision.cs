using VanBanDienTu.Relay.Links;
using VanBanDienTu.Relay.Messages;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>What follows from one attempt.</summary>
internal abstract record SendDecision
{
    private SendDecision()
    {
    }

    /// <summary>The next hop has it.</summary>
    public sealed record Done : SendDecision;

    public sealed record Retry(DateTimeOffset Due, string Why) : SendDecision;

    /// <summary>It will never succeed, or we have tried long enough.</summary>
    /// <param name="Refused">The next hop said so; not we.</param>
    public sealed record GiveUp(Reason Reason, bool Refused) : SendDecision;

    /// <summary>The decision: outcome and time in, decision out.</summary>
    /// <param name="attempt">The number of the attempt that gave this outcome, from 1.</param>
    /// <param name="dice">0 to 1.</param>
    public static SendDecision Of(
        AxisOutcome outcome, string destination, int attempt, DateTimeOffset queued, DateTimeOffset now, RetrySchedule schedule, double dice)
    {
        return outcome switch
        {
            AxisOutcome.Accepted => new Done(),
            AxisOutcome.Refused refused => new GiveUp(refused.Reason, Refused: true),
            AxisOutcome.Conflict => new GiveUp(
                new Reason(
                    "MESSAGE_ID_REUSED",
                    $"«{destination}» đã giữ một thông điệp khác cùng mã này.",
                    $"«{destination}» holds another message under this id."), Refused: true),
            AxisOutcome.Busy busy => Again(busy.Why, busy.RetryAfter),
            AxisOutcome.Unreachable unreachable => Again(unreachable.Why, null),
            AxisOutcome.Failed failed when attempt >= schedule.ContentAttempts => new GiveUp(
                new Reason(
                    "CONTENT_FAILED",
                    $"Gửi {attempt} lần tới «{destination}» đều không nguyên vẹn: {failed.Why}",
                    $"{attempt} attempts to «{destination}» did not arrive whole: {failed.Why}"), Refused: false),
            AxisOutcome.Failed failed => Again(failed.Why, null),
            _ => Again($"unknown outcome {outcome.GetType().Name}", null),
        };

        SendDecision Again(string why, TimeSpan? asked) => schedule.Next(now, queued, attempt, dice, asked) is { } due
            ? new Retry(due, why)
            : new GiveUp(Reasons.HorizonOver(destination, why), Refused: false);
    }
}
