using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Quotas;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

/// <summary>How much an organ may have at its node; the same on both engines.</summary>
public abstract class QuotaTests(RelayKeys keys)
{
    [Fact]
    public async Task What_waits_to_be_sent_is_limited_until_it_has_left()
    {
        await using var nodes = await OpenAsync(n => n.Unit, QuotaKind.Waiting, new(2, 0));
        await nodes.Unit.SubmitAsync("G99");
        var last = await nodes.Unit.SubmissionAsync("G99");
        var receipt = await nodes.Unit.Node.Submit.RunAsync(last, default);
        var refusal = await RefusedAsync(nodes.Unit);
        Assert.Equal("G99.63/Waiting", Assert.Single(refusal.Fields).Field);
        Assert.Contains("đang chờ gửi 2/2 văn bản", refusal.Vi, StringComparison.Ordinal);
        Assert.Equal(receipt, await nodes.Unit.Node.Submit.RunAsync(last, default)); // what was accepted is answered the same
        var health = await nodes.Unit.Node.Health.ReportAsync(default);
        Assert.Equal(new QuotaUse("G99.63", QuotaKind.Waiting, health.Quotas[0].Used, new(2, 0)), Assert.Single(health.Quotas));
        Assert.Equal(2, health.Quotas[0].Used.Documents);
        Assert.Contains(health.Problems, p => p.Code == "QUOTA_EXCEEDED");

        await nodes.SettleAsync();
        Assert.Equal(2, (await nodes.Ministry.ArrivedAsync("G99")).Count); // and nothing of it was lost
        await nodes.Unit.SubmitAsync("G99");
    }

    [Fact]
    public async Task Bytes_are_limited_too_and_what_waits_behind_a_dead_destination_counts()
    {
        long size;
        await using (var nodes = await OpenAsync(n => n.Unit, QuotaKind.Waiting, new(100, 0)))
            size = (await nodes.Unit.SubmissionAsync("G99")).Attachments[0].Payload!.Size;
        await using var limited = await OpenAsync(n => n.Unit, QuotaKind.Waiting, new(0, (2 * size) + 10));
        limited.UnitUp.Unreachable = true;
        await limited.Unit.SubmitAsync("G99");
        await limited.Unit.SubmitAsync("G99");
        await limited.Unit.RunAsync();
        await RefusedAsync(limited.Unit);
        limited.UnitUp.Unreachable = false;
        keys.Time.Advance(TimeSpan.FromHours(1));
        await limited.SettleAsync();
        await limited.Unit.SubmitAsync("G99");
    }

    [Fact]
    public async Task A_days_documents_are_limited_until_the_next_day_in_Vietnam()
    {
        await using var nodes = await OpenAsync(n => n.Unit, QuotaKind.Daily, new(1, 0));
        await nodes.Unit.SubmitAsync("G99");
        await nodes.SettleAsync();
        var refusal = await RefusedAsync(nodes.Unit);
        Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
        keys.Time.Advance(refusal.RetryAfter.Value - TimeSpan.FromMilliseconds(2));
        await RefusedAsync(nodes.Unit);
        keys.Time.Advance(TimeSpan.FromMilliseconds(4));
        await nodes.Unit.SubmitAsync("G99");
    }

    [Fact]
    public async Task What_a_unit_does_not_fetch_waits_at_the_node_before_beyond_its_quota_and_comes_when_it_fetches()
    {
        await using var nodes = await OpenAsync(n => n.Ministry, QuotaKind.Unfetched, new(1, 0));
        var (first, second) = (await nodes.Unit.SubmitAsync("G99"), await nodes.Unit.SubmitAsync("G99"));
        await nodes.SettleAsync();
        var states = new[] { await nodes.Unit.DeliveryAsync(first), await nodes.Unit.DeliveryAsync(second) };
        Assert.Equal([DeliveryState.Queued, DeliveryState.Relayed], states.Select(d => d.State).Order());
        Assert.Contains("arrived and not fetched: 1/1", states.Single(d => d.State == DeliveryState.Queued).LastError, StringComparison.Ordinal);
        var arrived = Assert.Single(await nodes.Ministry.ArrivedAsync("G99"));

        await nodes.Ministry.ConfirmAsync("G99", arrived.Id);
        keys.Time.Advance(TimeSpan.FromHours(1));
        await nodes.SettleAsync();
        Assert.Equal(2, (await nodes.Ministry.ArrivedAsync("G99")).Count);
        Assert.NotEqual(DeliveryState.Queued, (await nodes.Unit.DeliveryAsync(second)).State);
        Assert.NotEqual(DeliveryState.Queued, (await nodes.Unit.DeliveryAsync(first)).State);
    }

    [Fact]
    public async Task Many_at_once_get_no_further_than_one_after_the_other()
    {
        await using var nodes = await OpenAsync(n => n.Unit, QuotaKind.Waiting, new(7, 0));
        var submissions = new List<Submission>();
        for (var i = 0; i < 40; i++)
            submissions.Add(await nodes.Unit.SubmissionAsync("G99"));
        var accepted = await Task.WhenAll(submissions.Select(s => Task.Run(async () =>
        {
            try
            {
                await nodes.Unit.Node.Submit.RunAsync(s, default);
                return 1;
            }
            catch (RelayException e) when (e.Fault == RelayFault.QuotaExceeded)
            {
                return 0;
            }
        })));
        Assert.Equal(7, accepted.Sum());
    }

    private Task<ThreeNodes> OpenAsync(Func<ThreeNodes, TestNode> at, QuotaKind kind, QuotaLimit limit) => ThreeNodes.OpenAsync(keys, nodes =>
    {
        var node = at(nodes);
        node.Options = node.Options with
        {
            Quotas = new OrganQuotas(
                null, new Dictionary<string, IReadOnlyDictionary<QuotaKind, QuotaLimit>>(StringComparer.Ordinal)
                {
                    [node.Organ] = new Dictionary<QuotaKind, QuotaLimit> { [kind] = limit },
                }),
        };
    });

    private static async Task<RelayException> RefusedAsync(TestNode node)
    {
        var refusal = await Assert.ThrowsAsync<RelayException>(() => node.SubmitAsync("G99"));
        Assert.Equal(RelayFault.QuotaExceeded, refusal.Fault);
        return refusal;
    }
}

public sealed class QuotaOnSqliteTests(RelayKeys keys) : QuotaTests(keys), IClassFixture<RelayKeys>;

public sealed class QuotaOnPostgresTests(RelayKeysOnPostgres keys) : QuotaTests(keys), IClassFixture<RelayKeysOnPostgres>;
