using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Relay.Verification;

/// <summary>
/// The timestamps of this node, each over a list that names the one before. A timestamp whose authority has expired since is
/// still good when a later one, that holds, was made over it in time.
/// </summary>
internal sealed class StampChain(Ground ground)
{
    private const int PageOfStamps = 200;

    private readonly KeptBytes bytes = new(ground);

    /// <summary>When a stamp was made, if that is proven as of now and its list covers what was asked; else null.</summary>
    public async Task<DateTimeOffset?> ProvenAsync(long number, Func<StampedList, bool> covers, CancellationToken ct)
    {
        if (await ground.Database.ReadAsync(tx => StampTable.FindAsync(tx, number, ct), ct) is not { } stamp || !covers(stamp.Covered))
            return null;
        return await JudgeAsync(stamp, null, ct) ?? await ByLaterOnesAsync(stamp, ct);
    }

    /// <summary>From the newest stamp back: each that holds proves by when the older ones existed, and lets us judge one of them as of then.</summary>
    private async Task<DateTimeOffset?> ByLaterOnesAsync(Stamp wanted, CancellationToken ct)
    {
        var later = await LinkedAsync(wanted, ct);
        var (at, proven) = (later.Count - 1, later.Count > 1 ? await JudgeAsync(later[^1], null, ct) : null);
        while (proven is { } time && at > 0)
        {
            if (await JudgeAsync(wanted, time, ct) is { } found)
                return found;
            // Older ones are harder to prove: the oldest that can be is found by halving.
            var (low, high, next) = (1, at, (DateTimeOffset?)null);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (await JudgeAsync(later[middle], time, ct) is { } judged)
                    (high, next) = (middle, judged);
                else
                    low = middle + 1;
            }

            if (high >= at)
                return null;
            (at, proven) = (high, next);
        }

        return null;
    }

    /// <summary>The wanted stamp and all after it, as far as each names the one before.</summary>
    private async Task<List<Stamp>> LinkedAsync(Stamp wanted, CancellationToken ct)
    {
        var all = new List<Stamp> { wanted };
        while (true)
        {
            var next = all[^1].Number + 1;
            var page = await ground.Database.ReadAsync(tx => StampTable.FromAsync(tx, next, PageOfStamps, ct), ct);
            foreach (var stamp in page)
            {
                var covered = stamp.Covered;
                if (!string.Equals(covered.Previous, all[^1].Sha256, StringComparison.Ordinal)
                    || !all[^1].Evidence.All(e => covered.About.Contains(e.Data.Sha256, StringComparer.Ordinal)))
                    return all;
                all.Add(stamp);
            }

            if (page.Count < PageOfStamps)
                return all;
        }
    }

    private async Task<DateTimeOffset?> JudgeAsync(Stamp stamp, DateTimeOffset? proven, CancellationToken ct)
    {
        var certificates = new List<Certificate>();
        var revocation = new List<KeptRevocation>();
        foreach (var item in stamp.Evidence)
        {
            var data = await bytes.ReadAsync(item.Data, ct);
            if (item.Kind == nameof(EvidenceKind.Certificate) && Certificate.TryParse(data) is { } certificate)
                certificates.Add(certificate);
            else if (item.Kind is nameof(EvidenceKind.Ocsp) or nameof(EvidenceKind.Crl))
                revocation.Add(new KeptRevocation(Enum.Parse<RevocationSource>(item.Kind), data, proven ?? ground.Now));
        }

        var kept = new EarlierEvidence(proven ?? ground.Now, certificates, revocation);
        return (await ground.Verifier.JudgeTimestampAsync(stamp.Token, stamp.List, ground.Now, proven, kept, ct)).Time;
    }
}
