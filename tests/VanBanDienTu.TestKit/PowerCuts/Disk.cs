namespace VanBanDienTu.TestKit.PowerCuts;

/// <summary>
/// A disk that is played from a log up to a power cut, and then written out as the next start would find it. The watched folder was empty or
/// absent when the watch began.
/// </summary>
/// <remarks>
/// The rules are those that POSIX promises and nothing more: a file's bytes and length are held by a completed fsync of the file that began
/// after they were written; a name by a completed fsync of its folder. That a file system usually gives more is no promise. A sync that
/// failed takes with it what it should have covered: the kernel shows it still, and no later sync writes it.
/// </remarks>
public sealed class Disk
{
    private readonly DiskFolder above = new();
    private readonly Dictionary<ulong, DiskFile> files = [];
    private readonly Dictionary<(int Process, long Number), int> begun = [];
    private readonly PowerCut cut;

    private Disk(PowerCut cut) => this.cut = cut;

    /// <summary>Writes the watched folder as it is after the cut.</summary>
    /// <param name="folder">Does not exist yet; nor does it afterwards, when not even the watched folder's name came through.</param>
    public static void Restore(DiskLog log, PowerCut cut, string folder)
    {
        var disk = new Disk(cut);
        if (!log.Calls.Any(c => c is { Kind: DiskCallKind.MakeFolder, Path: "." }))
        {
            disk.above.Change(-1, ".", new DiskFolder()); // it was there before
            disk.above.Sync(0, _ => false);
        }

        for (var i = 0; i < log.Calls.Count && log.Calls[i].Nanoseconds <= cut.Nanoseconds; i++)
            disk.Play(i, log.Calls[i]);
        var random = new Random(cut.Seed);
        if (disk.above.After(cut.Survival, random).TryGetValue(".", out var root))
            disk.Write((DiskFolder)root, folder, random);
    }

    private void Play(int index, DiskCall call)
    {
        switch (call.Kind)
        {
            case DiskCallKind.MakeFolder:
                Name(index, call.Path, new DiskFolder());
                break;
            case DiskCallKind.Create:
                Name(index, call.Path, files[call.Inode] = new DiskFile());
                break;
            case DiskCallKind.Write or DiskCallKind.Truncate or DiskCallKind.Extend:
                files[call.Inode].Change(index, call);
                break;
            case DiskCallKind.Rename:
                var moved = At(call.Path);
                Name(index, call.Path, null);
                Name(index, call.Second, moved);
                break;
            case DiskCallKind.Link:
                Name(index, call.Second, At(call.Path));
                break;
            case DiskCallKind.Unlink or DiskCallKind.RemoveFolder:
                Name(index, call.Path, null);
                break;
            case DiskCallKind.SyncBegin:
                begun[(call.Process, call.Offset)] = index;
                break;
            case DiskCallKind.SyncEnd when call.Error == 0:
                Sync(begun[(call.Process, call.Offset)], call);
                break;
            case DiskCallKind.SyncEnd:
                Fail(begun[(call.Process, call.Offset)], call);
                break;
            case DiskCallKind.Map when !call.Path.EndsWith("-shm", StringComparison.Ordinal): // SQLite's index of its log: made anew at each start
                throw new InvalidOperationException($"{call.Path} is written through a mapping, which the watch does not see.");
        }
    }

    private void Sync(int begin, DiskCall call)
    {
        var (path, forgotten) = (call.Path, cut.Forgotten);
        if (path == "..")
            above.Sync(begin, name => forgotten is { Names: true } && forgotten.Covers(name));
        else if (files.TryGetValue(call.Inode, out var file) && !IsFolder(path))
        {
            if (forgotten is not { Names: false } || !forgotten.Covers(path))
                file.Sync(begin);
        }
        else if (Find(path) is DiskFolder folder)
            folder.Sync(begin, name => forgotten is { Names: true } && forgotten.Covers(path == "." ? name : $"{path}/{name}"));
    }

    private void Fail(int begin, DiskCall call)
    {
        if (call.Path == "..")
            above.Fail(begin);
        else if (Find(call.Path) is DiskFolder folder)
            folder.Fail(begin);
        else if (files.TryGetValue(call.Inode, out var file))
            file.Fail(begin);
    }

    private bool IsFolder(string path) => Find(path) is DiskFolder;

    private object At(string path) => Find(path) ?? throw new InvalidOperationException($"The log speaks of {path}, which it never made.");

    private object? Find(string path)
    {
        object? found = above.Shown.GetValueOrDefault(".");
        foreach (var part in path == "." ? [] : path.Split('/'))
            found = (found as DiskFolder)?.Shown.GetValueOrDefault(part);
        return found;
    }

    private void Name(int index, string path, object? what)
    {
        var slash = path.LastIndexOf('/');
        var home = path == "." ? above : (DiskFolder)At(slash < 0 ? "." : path[..slash]);
        home.Change(index, path == "." ? "." : path[(slash + 1)..], what);
    }

    private void Write(DiskFolder from, string folder, Random random)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, what) in from.After(cut.Survival, random))
        {
            var path = Path.Combine(folder, name);
            if (what is DiskFolder inner)
                Write(inner, path, random);
            else
                File.WriteAllBytes(path, ((DiskFile)what).After(cut.Survival, random));
        }
    }
}
