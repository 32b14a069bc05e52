namespace VanBanDienTu.TestKit.PowerCuts;

/// <summary>A file as the kernel shows it, and as the disk is known to hold it.</summary>
internal sealed class DiskFile
{
    private readonly DiskBytes shown = new();
    private readonly DiskBytes safe = new();
    private readonly List<(int Index, DiskCall Call)> open = [];

    public void Change(int index, DiskCall call)
    {
        Apply(shown, call);
        open.Add((index, call));
    }

    /// <summary>A sync that began at <paramref name="index"/> is done.</summary>
    public void Sync(int index)
    {
        foreach (var (_, call) in open.TakeWhile(o => o.Index < index))
            Apply(safe, call);
        open.RemoveAll(o => o.Index < index);
    }

    /// <summary>A sync that began at <paramref name="index"/> failed.</summary>
    public void Fail(int index) => open.RemoveAll(o => o.Index < index);

    public ReadOnlySpan<byte> After(Survival survival, Random random) => survival switch
    {
        Survival.Synced => safe.Span,
        Survival.Written => shown.Span,
        _ => Torn(random),
    };

    private static void Apply(DiskBytes bytes, DiskCall call)
    {
        switch (call.Kind)
        {
            case DiskCallKind.Write:
                bytes.Write(call.Offset, call.Data.Span);
                break;
            case DiskCallKind.Truncate:
                bytes.SetLength(call.Offset);
                break;
            case DiskCallKind.Extend:
                bytes.SetLength(Math.Max(bytes.Length, call.Offset));
                break;
        }
    }

    /// <summary>Any sectors of any writes since the last sync; truncations came through or not.</summary>
    private ReadOnlySpan<byte> Torn(Random random)
    {
        var torn = safe.Copy();
        var sector = random.Next(2) == 0 ? 512 : 4096;
        var share = random.Next(3) switch { 0 => 0.1, 1 => 0.5, _ => 0.9 };
        var lengths = random.Next(2) == 0;
        foreach (var (_, call) in open)
        {
            if (call.Kind != DiskCallKind.Write)
            {
                if (random.NextDouble() < share)
                    Apply(torn, call);
                continue;
            }

            if (lengths) // as a file system that writes lengths before bytes
                torn.SetLength(Math.Max(torn.Length, call.Offset + call.Data.Length));
            for (var at = call.Offset; at < call.Offset + call.Data.Length;)
            {
                var next = Math.Min((at / sector * sector) + sector, call.Offset + call.Data.Length);
                if (random.NextDouble() < share)
                    torn.Write(at, call.Data.Span[(int)(at - call.Offset)..(int)(next - call.Offset)]);
                at = next;
            }
        }

        return torn.Span;
    }
}
