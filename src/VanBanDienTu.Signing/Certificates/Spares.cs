namespace VanBanDienTu.Signing.Certificates;

/// <summary>Things that cost much to make and serve one thread at a time, kept between two uses: as many as there may be users at once.</summary>
/// <param name="places">How many are kept at most.</param>
internal sealed class Spares<T>(int places)
    where T : class, IDisposable
{
    private T?[]? _kept;

    /// <summary>Null when none is kept.</summary>
    public T? Take()
    {
        var kept = _kept;
        for (var i = 0; i < kept?.Length; i++)
        {
            if (kept[i] is not null && Interlocked.Exchange(ref kept[i], null) is { } spare)
                return spare;
        }
        return null;
    }

    /// <summary>Keeps one that nobody uses any more, or disposes of it.</summary>
    public void Keep(T spare)
    {
        var kept = _kept ?? Interlocked.CompareExchange(ref _kept, new T?[places], null) ?? _kept;
        for (var i = 0; i < kept.Length; i++)
        {
            if (Interlocked.CompareExchange(ref kept[i], spare, null) is null)
                return;
        }
        spare.Dispose();
    }
}
