using VanBanDienTu.TestKit.Faults;

namespace VanBanDienTu.EndToEndTests.Faults;

internal enum FaultKind
{
    /// <summary>kill -9 of a gateway.</summary>
    Kill,

    /// <summary>The disk of a gateway's own files has no byte left.</summary>
    DiskFull,

    /// <summary>The wall clock of a gateway jumps, and jumps back.</summary>
    Clock,

    /// <summary>No timestamps, no OCSP, no CRLs.</summary>
    AuthorityDown,

    /// <summary>A line between two processes, see <see cref="Weather"/>.</summary>
    Line,

    /// <summary>kill -9 of PostgreSQL.</summary>
    ServerKilled,

    ServerDiskFull,

    ServerClock,
}

/// <summary>One fault: what happens, to whom, for how long.</summary>
/// <param name="Target">A gateway, a line, or nothing where there is only one.</param>
/// <param name="Before">Pause before it, so that it meets the load anywhere.</param>
/// <param name="Lasts">It is over only with the next one.</param>
/// <param name="Seed">For what is decided inside it.</param>
internal sealed record Fault(int Index, FaultKind Kind, string Target, Weather Weather, TimeSpan Jump, TimeSpan Before, TimeSpan Hold, bool Lasts, int Seed)
{
    public override string ToString()
    {
        var what = Kind == FaultKind.Line ? Weather.ToString() : Kind.ToString();
        var jump = Kind is FaultKind.Clock or FaultKind.ServerClock ? $" {Jump}" : "";
        return $"{Index} {what}{jump} {Target} {Hold.TotalSeconds:0.0} s{(Lasts ? " and on" : "")}";
    }
}

/// <summary>The faults of a campaign, a pure function of its seed: decks of every kind, shuffled one after the other, so that a short campaign meets all kinds too.</summary>
internal sealed class FaultPlan(int seed, IReadOnlyList<string> gateways, IReadOnlyList<string> lines, bool postgres, bool disks)
{
    private static readonly TimeSpan[] Jumps =
    [
        TimeSpan.FromHours(26), TimeSpan.FromHours(-26), TimeSpan.FromHours(1), TimeSpan.FromHours(-1), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(-10),
    ];

    private static readonly Weather[] Weathers =
    [
        Weather.Stalled, Weather.Slow, Weather.Reset, Weather.HalfOpen, Weather.AnswersLost, Weather.AnswersLost, Weather.AnswersLost, Weather.AnswersCut, Weather.AnswersCut,
    ];

    private readonly List<(FaultKind Kind, Weather Weather)> deck =
    [
        .. Enumerable.Repeat((FaultKind.Kill, Weather.Clear), 5),
        .. Enumerable.Repeat((FaultKind.Clock, Weather.Clear), 2),
        .. disks ? Enumerable.Repeat((FaultKind.DiskFull, Weather.Clear), 2) : [],
        (FaultKind.AuthorityDown, Weather.Clear),
        .. Weathers.Select(w => (FaultKind.Line, w)),
        .. postgres ? [(FaultKind.ServerKilled, Weather.Clear), (FaultKind.ServerKilled, Weather.Clear), (FaultKind.ServerClock, Weather.Clear)] : Array.Empty<(FaultKind, Weather)>(),
        .. postgres && disks ? [(FaultKind.ServerDiskFull, Weather.Clear)] : Array.Empty<(FaultKind, Weather)>(),
    ];

    /// <summary>The fault of a number; the same for the same seed, whatever came before.</summary>
    public Fault At(int index)
    {
        var shuffled = deck.ToArray();
        new Random(unchecked((seed * 31) + (index / deck.Count))).Shuffle(shuffled);
        var (kind, weather) = shuffled[index % deck.Count];
        var dice = new Random(unchecked((seed * 1_000_003) + index));
        var target = kind switch
        {
            FaultKind.Kill or FaultKind.DiskFull or FaultKind.Clock => gateways[dice.Next(gateways.Count)],
            FaultKind.Line => lines[dice.Next(lines.Count)],
            _ => "",
        };
        var lasts = kind is FaultKind.Clock or FaultKind.ServerClock || dice.Next(4) == 0;
        return new Fault(index, kind, target, weather, Jumps[dice.Next(Jumps.Length)], Milliseconds(dice, 0, 300), Milliseconds(dice, 200, 1200), lasts, dice.Next());
    }

    private static TimeSpan Milliseconds(Random dice, int from, int to) => TimeSpan.FromMilliseconds(dice.Next(from, to));
}
