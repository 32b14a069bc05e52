using System.Text.Json;

namespace VanBanDienTu.Relay.Evidence;

/// <summary>What a row does not fit.</summary>
internal enum ChainFault
{
    None,

    /// <summary>Numbers before it are missing, and no signed statement of a restore accounts for them.</summary>
    Missing,

    /// <summary>Its hash does not follow from the row before, its content and its signature.</summary>
    Changed,
}

/// <summary>Goes along a node's log, row by row; a fault is told once and the walk goes on behind it.</summary>
internal sealed class ChainWalk
{
    private string previous = EvidenceChain.Genesis;

    // Of the row before, when its own hash was wrong: what it should have been. The row behind then follows from one of the two.
    private string? should;

    /// <summary>The number of the last row; 0 before the first.</summary>
    public long Last { get; private set; }

    public ChainFault Next(ChainedRow row)
    {
        var link = EvidenceChain.Link(previous, row.Json, row.Signature);
        var fault = row.Sequence != Last + 1 && !GoesOn(row, Last) ? ChainFault.Missing
            : link == row.Hash || (should is not null && EvidenceChain.Link(should, row.Json, row.Signature) == row.Hash) ? ChainFault.None
            : ChainFault.Changed;
        (Last, previous, should) = (row.Sequence, row.Hash, fault == ChainFault.Changed ? link : null);
        return fault;
    }

    /// <summary>Whether a row behind a gap says itself that the log goes on here, after exactly the row that comes before the gap.</summary>
    private static bool GoesOn(ChainedRow row, long last)
    {
        if (!row.Own || row.Event != nameof(EvidenceEvent.LogRestored) || row.Sequence <= last)
            return false;
        try
        {
            using var json = JsonDocument.Parse(row.Json);
            return json.RootElement.TryGetProperty("log", out var log) && Says(log, "after", last) && Says(log, "from", row.Sequence);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return false; // it was such a statement once
        }
    }

    private static bool Says(JsonElement log, string name, long number) =>
        log.TryGetProperty(name, out var said) && said.TryGetInt64(out var value) && value == number;
}
