namespace VanBanDienTu.TestKit.PowerCuts;

/// <summary>A folder as the kernel shows it, and as the disk is known to hold it. What a name stands for is a file or a folder.</summary>
internal sealed class DiskFolder
{
    private readonly Dictionary<string, object> safe = new(StringComparer.Ordinal);
    private readonly List<(int Index, string Name, object? What)> open = [];

    /// <summary>What the kernel shows.</summary>
    public Dictionary<string, object> Shown { get; } = new(StringComparer.Ordinal);

    /// <param name="what">Null: the name is gone.</param>
    public void Change(int index, string name, object? what)
    {
        Apply(Shown, name, what);
        open.Add((index, name, what));
    }

    /// <summary>A sync that began at <paramref name="index"/> is done; it covers the names that are not forgotten.</summary>
    public void Sync(int index, Func<string, bool> forgotten)
    {
        foreach (var (_, name, what) in open.Where(o => o.Index < index && !forgotten(o.Name)))
            Apply(safe, name, what);
        open.RemoveAll(o => o.Index < index && !forgotten(o.Name));
    }

    /// <summary>A sync that began at <paramref name="index"/> failed.</summary>
    public void Fail(int index) => open.RemoveAll(o => o.Index < index);

    public IReadOnlyDictionary<string, object> After(Survival survival, Random random) => survival switch
    {
        Survival.Synced => safe,
        Survival.Written => Shown,
        _ => Torn(random),
    };

    private Dictionary<string, object> Torn(Random random)
    {
        var torn = new Dictionary<string, object>(safe, StringComparer.Ordinal);
        var inOrder = random.Next(2) == 0 ? random.Next(open.Count + 1) : -1; // a journal keeps the order
        for (var i = 0; i < open.Count; i++)
        {
            if (inOrder >= 0 ? i < inOrder : random.Next(2) == 0)
                Apply(torn, open[i].Name, open[i].What);
        }

        return torn;
    }

    private static void Apply(Dictionary<string, object> names, string name, object? what)
    {
        if (what is null)
            names.Remove(name);
        else
            names[name] = what;
    }
}
