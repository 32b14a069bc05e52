using System.Text.Json;
using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Signing;

/// <summary>
/// What earlier runs signed into a folder: one line of JSON per output in <c>.vbdt-sign.jsonl</c>. A file counts as done only when
/// input, key and options are the same, by their digests, and the output still is what was written then.
/// </summary>
/// <param name="folder">The folder of the outputs.</param>
/// <param name="certificate">SHA-256 of the signer's certificate.</param>
/// <param name="options">A digest of everything that shapes the signature.</param>
internal sealed class SigningJournal(string folder, string certificate, string options)
{
    private const string FileName = ".vbdt-sign.jsonl";

    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> known = Read(Path.Combine(folder, FileName));

    public bool IsDone(SigningJob job, string input)
    {
        lock (gate)
        {
            if (!known.TryGetValue(Name(job), out var entry) || entry with { Sha256 = "" } != Of(job, input, ""))
                return false;
        }
        return File.Exists(job.To) && FileDigest.Of(job.To) == known[Name(job)].Sha256;
    }

    /// <summary>Notes an output that is durable already. When the program dies before this, the file is signed once more: no harm.</summary>
    public void Note(SigningJob job, string input, string output)
    {
        var entry = Of(job, input, output);
        lock (gate)
        {
            known[entry.Output] = entry;
            File.AppendAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(entry) + "\n");
        }
    }

    private Entry Of(SigningJob job, string input, string output) => new(Name(job), input, certificate, options, output);

    private string Name(SigningJob job) => Path.GetRelativePath(folder, job.To);

    private static Dictionary<string, Entry> Read(string path)
    {
        var entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            try
            {
                if (JsonSerializer.Deserialize<Entry>(line) is { Output: not null } entry) entries[entry.Output] = entry;
            }
            catch (JsonException)
            {
                // The line that was being written when the program died: its file is signed again.
            }
        }
        return entries;
    }

    /// <param name="Sha256">Of the output.</param>
    private sealed record Entry(string Output, string Input, string Certificate, string Options, string Sha256);
}
