using System.Collections;
using System.Text.Json;

namespace VanBanDienTu.Signing.Reports;

/// <summary>
/// The verdicts on many files, kept on disk: one line of JSON each behind a first line that says how they were judged. What is in
/// memory is a place and a word for each file. Another run can go on where one was stopped.
/// </summary>
/// <remarks>The first line is the report without files; what a stopped process left of a last line is cut off.</remarks>
public sealed class VerdictSpill : IReadOnlyList<FileVerdict>, IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly (long At, int Length)[] _places;
    private readonly FileOutcome[] _outcomes;
    private readonly Dictionary<string, (long At, int Length)> _earlier = new(StringComparer.Ordinal);
    private long _end;

    private VerdictSpill(FileStream file, int count, VerificationReport frame)
    {
        (_file, _places, _outcomes, Frame) = (file, new (long, int)[count], new FileOutcome[count], frame);
    }

    /// <summary>How the files are judged: program, policy, time, anchors; without files.</summary>
    public VerificationReport Frame { get; }

    public int Count => _places.Length;

    /// <summary>The verdicts' words, without reading any verdict.</summary>
    public IReadOnlyList<FileOutcome> Outcomes => _outcomes;

    public FileVerdict this[int index] => Read(_places[index]);

    /// <summary>A new spill at that path; a file there is replaced.</summary>
    /// <param name="count">How many files there will be.</param>
    /// <param name="frame">The report without files.</param>
    public static VerdictSpill Create(string path, int count, VerificationReport frame, bool deleteAtTheEnd)
    {
        var options = deleteAtTheEnd ? FileOptions.DeleteOnClose : FileOptions.None;
        var spill = new VerdictSpill(new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1, options), count, frame);
        spill.Append(ReportJson.Utf8(frame with { Files = [] }, indented: false));
        return spill;
    }

    /// <summary>Opens what an earlier run left; null when there is nothing, or nothing that can be read.</summary>
    public static VerdictSpill? Open(string path, int count)
    {
        if (!File.Exists(path))
            return null;
        var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 1);
        try
        {
            return Continue(file, count);
        }
        catch (JsonException)
        {
            file.Dispose();
            return null;
        }
    }

    /// <summary>What the earlier run found about a file of that name; null when nothing.</summary>
    public FileVerdict? Earlier(string name) => _earlier.TryGetValue(name, out var place) ? Read(place) : null;

    /// <summary>The verdict on one file, from any thread.</summary>
    public void Set(int index, FileVerdict verdict)
    {
        _outcomes[index] = verdict.Verdict;
        _places[index] = Append(ReportJson.LineOf(verdict));
    }

    /// <summary>The earlier run's verdict is this run's too.</summary>
    public void Keep(int index, FileVerdict verdict) => (_outcomes[index], _places[index]) = (verdict.Verdict, _earlier[verdict.File]);

    public IEnumerator<FileVerdict> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => _file.Dispose();

    private static VerdictSpill Continue(FileStream file, int count)
    {
        VerdictSpill? spill = null;
        foreach (var (at, line) in Lines(file))
        {
            if (spill is null)
                spill = new VerdictSpill(file, count, ReportJson.Read(line));
            else
                spill._earlier[ReportJson.ReadLine(line).File] = (at, line.Length);
            spill._end = at + line.Length + 1;
        }
        if (spill is null)
            throw new JsonException("no line");
        file.SetLength(spill._end);
        return spill;
    }

    private static IEnumerable<(long At, byte[] Line)> Lines(FileStream file)
    {
        var buffer = new byte[256 << 10];
        var line = new MemoryStream();
        long at = 0;
        for (long position = 0; RandomAccess.Read(file.SafeFileHandle, buffer, position) is > 0 and var count; position += count)
        {
            for (var start = 0; start < count;)
            {
                var end = Array.IndexOf(buffer, (byte)'\n', start, count - start);
                line.Write(buffer, start, (end < 0 ? count : end) - start);
                if (end < 0)
                    break;
                yield return (at, line.ToArray());
                at += line.Length + 1;
                line.SetLength(0);
                start = end + 1;
            }
        }
    }

    private (long, int) Append(byte[] line)
    {
        lock (_gate)
        {
            var at = _end;
            RandomAccess.Write(_file.SafeFileHandle, [line, "\n"u8.ToArray()], at);
            _end = at + line.Length + 1;
            return (at, line.Length);
        }
    }

    private FileVerdict Read((long At, int Length) place)
    {
        var line = new byte[place.Length];
        for (var got = 0; got < line.Length;)
        {
            var read = RandomAccess.Read(_file.SafeFileHandle, line.AsSpan(got), place.At + got);
            if (read == 0)
                throw new EndOfStreamException("The file of verdicts became shorter while it was read.");
            got += read;
        }
        return ReportJson.ReadLine(line);
    }
}
