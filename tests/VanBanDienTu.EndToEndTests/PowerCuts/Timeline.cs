using System.Diagnostics;
using VanBanDienTu.TestKit.Faults;

namespace VanBanDienTu.EndToEndTests.PowerCuts;

/// <summary>A call of a system that its node may have answered or not when the power went.</summary>
/// <param name="Begun">Nanoseconds of <see cref="Timeline.Now"/>.</param>
/// <param name="Answered">When the answer was here; <see cref="long.MaxValue"/> = never.</param>
/// <param name="Repeat">The same call again, by the same system, added to what is known.</param>
internal sealed record RecordedCall(long Begun, long Answered, Func<Knowledge, CancellationToken, Task> Repeat);

/// <summary>What the systems outside the nodes did and learned during a recorded run, each thing with its instant, so that their knowledge at any instant can be had again.</summary>
internal sealed class Timeline
{
    private readonly Lock gate = new();
    private readonly List<(long At, Action<Knowledge> Note)> notes = [];
    private readonly List<RecordedCall> calls = [];
    private readonly List<(long At, Receipt Receipt)> receipts = [];

    /// <summary>CLOCK_MONOTONIC in nanoseconds, the clock of the disks' logs too.</summary>
    public static long Now => Stopwatch.GetTimestamp();

    /// <summary>Instants at which a system had just learned something for certain: the meanest for a cut.</summary>
    public IReadOnlyList<long> Answers
    {
        get
        {
            lock (gate) return [.. calls.Where(c => c.Answered < long.MaxValue).Select(c => c.Answered).Order()];
        }
    }

    public void Note(Action<Knowledge> note)
    {
        lock (gate) notes.Add((Now, note));
    }

    /// <summary>Makes a call, remembers when it was begun and answered, and how to repeat it.</summary>
    public async Task CallAsync(Func<Knowledge, CancellationToken, Task> repeat, Func<Task<Action<Knowledge>>> call)
    {
        var begun = Now;
        Action<Knowledge> learned;
        try
        {
            learned = await call();
        }
        catch
        {
            lock (gate) calls.Add(new RecordedCall(begun, long.MaxValue, repeat));
            throw;
        }

        lock (gate)
        {
            notes.Add((Now, learned));
            calls.Add(new RecordedCall(begun, notes[^1].At, repeat));
        }
    }

    /// <summary>A system was shown a receipt.</summary>
    public void Hold(Receipt receipt)
    {
        lock (gate) receipts.Add((Now, receipt));
    }

    /// <summary>What the systems knew at that instant.</summary>
    public Knowledge KnownAt(long instant)
    {
        var known = new Knowledge();
        lock (gate)
        {
            foreach (var (_, note) in notes.Where(n => n.At <= instant).OrderBy(n => n.At)) note(known);
        }
        return known;
    }

    /// <summary>The calls that had been begun at that instant, in their order: all that were not answered, and the last that were.</summary>
    public IReadOnlyList<RecordedCall> ToRepeat(long instant, int lastAnswered)
    {
        lock (gate)
        {
            var begun = calls.Where(c => c.Begun <= instant).OrderBy(c => c.Begun).ToList();
            var answered = begun.Where(c => c.Answered <= instant).OrderBy(c => c.Answered).TakeLast(lastAnswered).ToHashSet();
            return [.. begun.Where(c => c.Answered > instant || answered.Contains(c))];
        }
    }

    public IReadOnlyList<Receipt> HeldAt(long instant)
    {
        lock (gate) return [.. receipts.Where(r => r.At <= instant).Select(r => r.Receipt)];
    }
}
