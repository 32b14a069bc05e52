using System.Runtime.CompilerServices;
using VanBanDienTu.Axis.Organs;

namespace VanBanDienTu.Relay.Members;

/// <summary>What a synchronisation changed.</summary>
public sealed record UnitChanges(int Written, int Deleted);

/// <summary>
/// The directory of the axis's units (danh bạ đơn vị): versioned, paged, in the database. Followers ask for what is newer than the version that
/// they have.
/// </summary>
public sealed class UnitDirectory
{
    /// <summary>Entries in one transaction: others commit in between.</summary>
    private const int Batch = 500;

    private readonly Ground ground;

    internal UnitDirectory(Ground ground) => this.ground = ground;

    public Task<Unit?> FindAsync(string code, CancellationToken ct) => ground.Database.ReadAsync(tx => UnitTable.FindAsync(tx, code, ct), ct);

    /// <summary>Entries newer than a version, in the order of versions; deleted ones too.</summary>
    public async Task<IReadOnlyList<Unit>> AfterAsync(long version, int atMost, CancellationToken ct) =>
        await ground.Database.ReadAsync(tx => UnitTable.AfterAsync(tx, version, atMost, ct), ct);

    /// <summary>How far a source was followed: the greatest of its own versions that is here.</summary>
    public Task<long> FollowedAsync(string source, CancellationToken ct) => ground.Database.ReadAsync(tx => UnitTable.FollowedAsync(tx, source, ct), ct);

    /// <summary>All of them by code, page after page; what changes meanwhile may or may not be in it.</summary>
    public async IAsyncEnumerable<Unit> AllAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var after = "";
        while (true)
        {
            var from = after;
            var page = await ground.Database.ReadAsync(tx => UnitTable.PageAsync(tx, from, Batch, ct), ct);
            foreach (var unit in page)
                yield return unit;
            if (page.Count < Batch)
                yield break;
            after = page[^1].Code;
        }
    }

    /// <summary>The units that a system registered here.</summary>
    public IReadOnlyList<string> RegisteredBy(string system) => [.. ground.Directory.Overlay.RegisteredBy[system]];

    /// <summary>Takes a source's entries; unchanged ones keep their version. An entry of a greater authority stays as it is.</summary>
    /// <param name="whole">These are all that the source has: its others are deleted.</param>
    public async Task<UnitChanges> PutAsync(string source, UnitAuthority authority, IReadOnlyList<Unit> units, bool whole, CancellationToken ct)
    {
        var written = 0;
        foreach (var batch in units.Chunk(Batch))
            written += await PutAsync([.. batch.Select(u => u with { Source = source, Authority = authority })], ct);
        var deleted = whole ? await DeleteOthersAsync(source, units, ct) : 0;
        await RefreshAsync(ct);
        return new UnitChanges(written, deleted);
    }

    /// <summary>A system registers a unit that it acts for from now on.</summary>
    /// <param name="behind">The codes that the system acts for anyway: what it registers is one of them, or below one.</param>
    /// <exception cref="RelayException">InvalidField; NotYourOrgan: not behind the system, or somebody else's.</exception>
    public async Task RegisterAsync(string system, IReadOnlyCollection<string> behind, Unit unit, CancellationToken ct)
    {
        if (!OrganId.TryParse(unit.Code, out var id) || unit.Name.Length is 0 or > 200)
            throw RelayException.For([new("code, name", "mã định danh hoặc tên không hợp lệ.", "the code or the name is not valid.")]);
        var known = await FindAsync(unit.Code, ct);
        if (!behind.Any(b => OrganId.TryParse(b, out var above) && id.IsBehind(above)) || behind.Contains(unit.Code, StringComparer.Ordinal)
            || known is { Deleted: false, Authority: > UnitAuthority.Followed } && known.Source != system)
            throw NotYours(unit.Code);
        await PutAsync(system, UnitAuthority.Registered, [unit with { Code = id.Text, Deleted = false }], whole: false, ct);
    }

    /// <exception cref="RelayException">NotYourOrgan.</exception>
    public async Task WithdrawAsync(string system, string code, CancellationToken ct)
    {
        if (await FindAsync(code, ct) is not { Authority: UnitAuthority.Registered } known || known.Source != system)
            throw NotYours(code);
        await PutAsync(system, UnitAuthority.Registered, [known with { Deleted = true }], whole: false, ct);
    }

    /// <summary>Routing follows what is in the database, also what another node of it wrote.</summary>
    internal async Task<bool> RefreshAsync(CancellationToken ct)
    {
        var version = await ground.Database.ReadAsync(tx => UnitTable.VersionAsync(tx, ct), ct);
        if (version == ground.Directory.Overlay.Version)
            return false;
        var special = await ground.Database.ReadAsync(tx => UnitTable.SpecialAsync(tx, ct), ct);
        ground.Use(UnitOverlay.Of(version, special));
        return true;
    }

    private Task<int> PutAsync(IReadOnlyList<Unit> units, CancellationToken ct) => ground.Database.WriteAsync(
        async tx =>
        {
            var written = 0;
            foreach (var unit in units)
            {
                var known = await UnitTable.FindAsync(tx, unit.Code, default);
                if (known is not null && (Same(known, unit) || Outranked(known, unit)))
                    continue;
                UnitTable.Put(tx, unit, ground.Now);
                written++;
            }

            return written;
        }, ct);

    private async Task<int> DeleteOthersAsync(string source, IReadOnlyList<Unit> units, CancellationToken ct)
    {
        var there = units.Select(u => u.Code).ToHashSet(StringComparer.Ordinal);
        var gone = (await ground.Database.ReadAsync(tx => UnitTable.CodesOfAsync(tx, source, ct), ct)).FindAll(code => !there.Contains(code));
        foreach (var batch in gone.Chunk(Batch))
        {
            await ground.Database.WriteAsync(
                async tx =>
                {
                    foreach (var code in batch)
                    {
                        if (await UnitTable.FindAsync(tx, code, default) is { } unit && unit.Source == source)
                            UnitTable.Put(tx, unit with { Deleted = true }, ground.Now);
                    }

                    return true;
                }, ct);
        }

        return gone.Count;
    }

    private static bool Outranked(Unit known, Unit unit) => known.Authority > unit.Authority && !known.Deleted;

    private static bool Same(Unit a, Unit b) =>
        (a.Name, a.Parent, a.OldCode, a.Mail, a.Successor, a.Locked, a.Deleted) == (b.Name, b.Parent, b.OldCode, b.Mail, b.Successor, b.Locked, b.Deleted)
        && a.Source == b.Source && a.SourceVersion == b.SourceVersion;

    private static RelayException NotYours(string code) => new(
        RelayFault.NotYourOrgan, $"Hệ thống này không được đăng ký cơ quan {code}.", $"This system may not register organ {code}.");
}
