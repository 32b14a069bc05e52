using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Members;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.UnitTests.Relay.Rig;
using static VanBanDienTu.Relay.Outgoing.DeliveryState;

namespace VanBanDienTu.UnitTests.Relay;

/// <summary>Contradictory statuses: whoever holds the same messages reads the same from them, in whatever order they came.</summary>
public sealed class StatusHistoryTests(RelayKeys keys) : IClassFixture<RelayKeys>
{
    private static readonly PeerNode Hub = new("ministry", "G99", new string('c', 64));
    private static readonly string[] Codes = ["01", "02", "03", "04", "05", "06"];

    public static TheoryData<string, DeliveryState, string> Histories() => new()
    {
        // code@minute, in the order in which they were said; the state; who contradicts what was said before
        { "01@1 03@2 02@3 05@4", InProgress, "02@3" },
        { "01@1 02@2 03@3 06@4", Rejected, "03@3 06@4" },
        { "02@1 03@1", Rejected, "03@1" }, // at the same instant the code decides
        { "06@1 02@2 02@3 01@4", Finished, "02@2 02@3" },
        { "03@1 15@2 02@3", Accepted, "02@3" },
        { "01@5 03@5 06@5", Finished, "" },
    };

    [Theory]
    [MemberData(nameof(Histories))]
    public void What_was_said_first_counts(string history, DeliveryState state, string against)
    {
        var kept = Kept(history);
        foreach (var order in Permutations(kept))
        {
            var reading = StatusHistory.Read(order);
            Assert.Equal((state, against), (reading.State, string.Join(' ', kept.Where(s => reading.Against.Contains(s.Message)).Select(Name))));
        }
    }

    [Fact]
    public void Every_order_of_any_four_statuses_at_any_times_reads_the_same()
    {
        // All pairs of codes beside two more, at instants that agree, differ and cross.
        foreach (var times in (int[][])[[1, 1, 1, 1], [1, 2, 3, 4], [4, 3, 2, 1], [1, 2, 2, 1], [2, 1, 1, 2]])
        {
            foreach (var (first, second) in Codes.SelectMany(a => Codes.Select(b => (a, b))))
            {
                var kept = Kept($"{first}@{times[0]} {second}@{times[1]} 02@{times[2]} 03@{times[3]}");
                var readings = Permutations(kept).Select(StatusHistory.Read).ToList();
                Assert.All(readings, r => Assert.Equal(
                    (readings[0].State, readings[0].Decisive, true), (r.State, r.Decisive, r.Against.SetEquals(readings[0].Against))));
            }
        }
    }

    [Fact]
    public async Task The_sender_sees_the_same_whatever_order_its_recipients_messages_came_in()
    {
        const string History = "01@1 02@3 03@2 05@4";
        var orders = Permutations(History.Split(' ')).ToList();
        await using var nodes = await ThreeNodes.OpenAsync(keys, n =>
        {
            for (var i = 0; i < orders.Count; i++)
                n.Ministry.Members.Add(new Member($"G99.{101 + i}", $"Đơn vị {i}", Local: true));
        });
        var document = await nodes.Unit.SubmitAsync([.. orders.Select((_, i) => $"G99.{101 + i}")]);
        await nodes.Unit.RunAsync();
        var deliveries = (await nodes.Unit.DocumentAsync(document)).Deliveries;
        for (var i = 0; i < orders.Count; i++)
        {
            foreach (var (code, minute) in orders[i].Select(Parts))
            {
                var message = Messages.Status(
                    deliveries[i].Recipient.Organ, "G99.63", deliveries[i].MessageId, "G99.63,2026/11/20,101/CQM1-VP", code, $"nói phút {minute}", At(minute));
                Assert.IsType<AcceptAnswer.Accepted>(await Messages.HandAsync(nodes.Unit, message, Hub));
            }
        }

        var seen = (await nodes.Unit.DocumentAsync(document)).Deliveries;
        Assert.All(seen, d =>
        {
            Assert.Equal((InProgress, true, "nói phút 4"), (d.State, d.Contradicted, d.Reason?.Vi));
            Assert.Equal([("01", false), ("03", false), ("02", true), ("05", false)], d.History.Select(h => (h.Code, h.Contradicts)));
        });
    }

    private static List<KeptStatus> Kept(string history) => [.. history.Split(' ').Select((said, i) => new KeptStatus(
        new Guid(i + 1, 0, 0, new byte[8]), new StatusEntry(said[..2], null, At(said[3] - '0'), "G99.1")))];

    private static string Name(KeptStatus status) => $"{status.Entry.Code}@{(status.Entry.Time - DateTimeOffset.UnixEpoch).TotalMinutes}";

    private static (EdxmlStatusCode Code, int Minute) Parts(string said) =>
        (EdxmlStatusCodes.TryParse(said[..2], out var code) ? code : throw new ArgumentOutOfRangeException(nameof(said)), said[3] - '0');

    private static DateTimeOffset At(int minute) => DateTimeOffset.UnixEpoch.AddMinutes(minute);

    private static IEnumerable<T[]> Permutations<T>(IReadOnlyList<T> items) => items.Count <= 1
        ? [[.. items]]
        : items.SelectMany((first, i) => Permutations([.. items.Take(i), .. items.Skip(i + 1)]).Select(rest => (T[])[first, .. rest]));
}
