using VanBanDienTu.Relay.Deadlines;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Figures;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

public abstract class DeadlineTests(RelayKeys keys)
{
    [Fact]
    public async Task What_is_not_answered_the_same_working_day_leaves_evidence_once_and_is_seen_until_it_is()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await nodes.Unit.SubmitAsync("G99");
        await nodes.SettleAsync();
        var incoming = Assert.Single(await nodes.Ministry.ArrivedAsync("G99"));
        var due = Assert.Single(incoming.Deadlines);
        Assert.Equal((DeadlineKind.Receipt, WorkingCalendar.Default.SameDay(incoming.Received)), (due.Kind, due.Due));

        GoTo(due.Due - TimeSpan.FromMinutes(1));
        Assert.Equal(0, await nodes.Ministry.Node.Deadlines.RaiseAsync(default));
        Assert.Empty(await OverdueAsync(nodes));
        GoTo(due.Due);
        Assert.Equal(1, await nodes.Ministry.Node.Deadlines.RaiseAsync(default));
        Assert.Equal(0, await nodes.Ministry.Node.Deadlines.RaiseAsync(default)); // once
        Assert.Equal(incoming.Id, Assert.Single(await OverdueAsync(nodes)).Id);
        var expiry = Assert.Single(await nodes.Ministry.EvidenceAsync(), e => e.Event == nameof(EvidenceEvent.AcceptanceRejectionExpiry));
        Assert.Contains("RECEIPT_OVERDUE", System.Text.Encoding.UTF8.GetString(expiry.Json.Span), StringComparison.Ordinal);
        Assert.Contains((await nodes.Ministry.Node.Health.ReportAsync(default)).Problems, p => p.Code == "DEADLINES_OVERDUE");

        await nodes.Ministry.ConfirmAsync("G99", incoming.Id); // late, but done
        Assert.Empty(await OverdueAsync(nodes));
        Assert.DoesNotContain((await nodes.Ministry.Node.Health.ReportAsync(default)).Problems, p => p.Code == "DEADLINES_OVERDUE");
        var late = (await FiguresAsync(nodes, due.Due)).Receipt;
        Assert.Equal((DeadlineKind.Receipt, 0L, 1L, 0d), (late.Kind, late.OnTime, late.Late, late.OnTimeShare));
    }

    [Theory]
    [InlineData("06", true)]
    [InlineData("03", false)]
    [InlineData("document", true)]
    public async Task A_date_of_answer_is_kept_by_finishing_or_by_a_document_that_answers(string how, bool kept)
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var submission = await nodes.Unit.SubmissionAsync("G99");
        var day = DateOnly.FromDateTime(keys.Time.GetUtcNow().ToOffset(WorkingCalendar.Offset).DateTime).AddDays(9);
        await nodes.Unit.Node.Submit.RunAsync(submission with { Document = submission.Document with { DueDate = day } }, default);
        await nodes.SettleAsync();
        var incoming = Assert.Single(await nodes.Ministry.ArrivedAsync("G99"));
        Assert.Equal([WorkingCalendar.Default.SameDay(incoming.Received), WorkingCalendar.Default.By(day)], incoming.Deadlines.Select(d => d.Due));
        await nodes.Ministry.ConfirmAsync("G99", incoming.Id);
        if (how == "document")
        {
            var answer = await nodes.Ministry.SubmissionAsync("G99.63");
            await nodes.Ministry.Node.Submit.RunAsync(
                answer with { Document = answer.Document with { RespondsTo = [new("G99.63", null, incoming.EdxmlDocumentId, null)] } }, default);
            await nodes.SettleAsync();
        }
        else
        {
            await nodes.Ministry.AnswerAsync("G99", incoming.Id, how);
        }

        GoTo(WorkingCalendar.Default.By(day));
        Assert.Equal(kept ? 0 : 1, await nodes.Ministry.Node.Deadlines.RaiseAsync(default));
        Assert.Equal(kept ? 0 : 1, (await nodes.Ministry.EvidenceAsync()).Count(e => e.Event == nameof(EvidenceEvent.AnswerOverdue)));
        Assert.Equal(kept ? 0 : 1, (await OverdueAsync(nodes)).Count);
        var answered = (await FiguresAsync(nodes, WorkingCalendar.Default.By(day))).Answer;
        Assert.Equal(kept ? 1d : 0d, answered.OnTimeShare);
    }

    [Fact]
    public async Task Nights_weekends_and_holidays_do_not_count()
    {
        var today = DateOnly.FromDateTime(keys.Time.GetUtcNow().ToOffset(WorkingCalendar.Offset).DateTime);
        var off = Enumerable.Range(0, 5).ToDictionary(today.AddDays, _ => false); // today and four more days, whatever they are
        await using var nodes = await ThreeNodes.OpenAsync(keys, n => n.Ministry.Options = n.Ministry.Options with
        {
            Calendar = new WorkingCalendar(WorkingCalendar.UsualSessions, new Dictionary<DateOnly, bool>(off) { [today.AddDays(5)] = true }),
        });
        await nodes.Unit.SubmitAsync("G99");
        await nodes.SettleAsync();
        var due = Assert.Single(Assert.Single(await nodes.Ministry.ArrivedAsync("G99")).Deadlines).Due;
        Assert.Equal(new DateTimeOffset(today.AddDays(5).ToDateTime(new TimeOnly(17, 30)), WorkingCalendar.Offset), due);
        for (var hour = keys.Time.GetUtcNow().AddHours(6); hour < due; hour = hour.AddHours(6)) // over each midnight, Vietnam's and UTC's
        {
            GoTo(hour);
            Assert.Equal(0, await nodes.Ministry.Node.Deadlines.RaiseAsync(default));
        }

        GoTo(due);
        Assert.Equal(1, await nodes.Ministry.Node.Deadlines.RaiseAsync(default));
    }

    // The clock is shared by the collection and only goes forward.
    private void GoTo(DateTimeOffset at) => keys.Time.Advance(at - keys.Time.GetUtcNow());

    private static async Task<IReadOnlyList<IncomingDocument>> OverdueAsync(ThreeNodes nodes) =>
        (await nodes.Ministry.Node.Incoming.ListAsync("G99", 100, null, unconfirmedOnly: false, null, default, overdueOnly: true)).Items;

    private static Task<PeriodFigures> FiguresAsync(ThreeNodes nodes, DateTimeOffset due)
    {
        var day = DateOnly.FromDateTime(due.ToOffset(WorkingCalendar.Offset).DateTime);
        return nodes.Ministry.Node.Figures.ReadAsync("G99", day, day, default);
    }
}

public sealed class DeadlineOnSqliteTests(RelayKeys keys) : DeadlineTests(keys), IClassFixture<RelayKeys>;

public sealed class DeadlineOnPostgresTests(RelayKeysOnPostgres keys) : DeadlineTests(keys), IClassFixture<RelayKeysOnPostgres>;
