namespace VanBanDienTu.Relay.Outgoing;

/// <summary>
/// What a recipient's statuses 01 to 06 say together. They arrive late, twice and in any order, and not every recipient keeps the rules: so they
/// count in the order in which they were said, and whoever holds the same ones reads the same from them. Pure.
/// </summary>
internal static class StatusHistory
{
    public static StatusReading Read(IEnumerable<KeptStatus> kept)
    {
        var (state, decisive, against) = (DeliveryState.Relayed, (KeptStatus?)null, new HashSet<Guid>());
        // Said at the same instant: the code decides, so 02 before what follows an acceptance; then the message, which is the same everywhere.
        foreach (var status in kept.OrderBy(s => s.Entry.Time).ThenBy(s => s.Entry.Code, StringComparer.Ordinal).ThenBy(s => s.Message))
        {
            if (Delivery.OfStatus(status.Entry.Code) is not { } happened)
                continue;
            var step = Delivery.Next(state, happened);
            if (step.Contradicts)
                against.Add(status.Message);
            if (step.State != state)
                (state, decisive) = (step.State, status);
        }

        return new StatusReading(state, decisive, against);
    }
}

/// <summary>A status as it is kept with its delivery.</summary>
/// <param name="Message">The message that brought it.</param>
internal sealed record KeptStatus(Guid Message, StatusEntry Entry);

/// <summary>Where a recipient is by its own words.</summary>
/// <param name="Decisive">The status that says so; null = none was about progress.</param>
/// <param name="Against">The messages that cannot be true together with what was said before them.</param>
internal sealed record StatusReading(DeliveryState State, KeptStatus? Decisive, IReadOnlySet<Guid> Against);
