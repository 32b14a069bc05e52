using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Relay.Verification;

/// <summary>Judges a file again as an earlier verdict did: its anchors, its policy, its times, its evidence. Nobody is asked.</summary>
internal sealed class VerdictReplay(Ground ground)
{
    private readonly KeptBytes bytes = new(ground);

    /// <exception cref="RelayException"><see cref="RelayFault.DigestMismatch"/>: it is another file than that verdict's.</exception>
    public async Task<VerificationReport> RunAsync(VerdictRecord record, string path, CancellationToken ct)
    {
        var trust = TrustSnapshot.Read(await bytes.ReadAsync(record.Trust.Snapshot, ct));
        var options = new VerifierOptions { Algorithms = AlgorithmPolicy.Read(await bytes.ReadAsync(record.Policy.Table, ct)) };
        var verifier = new PdfVerifier(trust, null, ground.Time, options);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(record.At);
        var earlier = await EarlierAsync(record.Earlier, ct);
        var again = await verifier.ExamineAsync(path, new VerificationOrder
        {
            Name = record.File.Name,
            At = at,
            Replay = RevocationExchanges.Replaying(DateTimeOffset.FromUnixTimeMilliseconds(record.Now), await ExchangesAsync(record, ct)),
            Earlier = (_, _) => Task.FromResult(earlier),
        }, ct);
        if (!string.Equals(again.Verdict.Sha256, record.File.Sha256, StringComparison.Ordinal))
        {
            throw new RelayException(
                RelayFault.DigestMismatch,
                $"Tệp này có SHA-256 {again.Verdict.Sha256}, còn kết quả {record.ReportId} là về tệp {record.File.Sha256}.",
                $"This file has SHA-256 {again.Verdict.Sha256}; the report {record.ReportId} is about {record.File.Sha256}.");
        }

        return verifier.Report([again.Verdict], at);
    }

    private async Task<List<RevocationExchange>> ExchangesAsync(VerdictRecord record, CancellationToken ct)
    {
        var all = new List<RevocationExchange>();
        foreach (var e in record.Exchanges)
        {
            // Not «condition ? null : bytes»: that null would become empty bytes.
            ReadOnlyMemory<byte>? body = null, nonce = null;
            if (e.Body is not null)
                body = await bytes.ReadAsync(e.Body, ct);
            if (e.Nonce is not null)
                nonce = Convert.FromHexString(e.Nonce);
            all.Add(new RevocationExchange(e.Key, e.Url, body, e.Vi is null ? null : new LocalText(e.Vi, e.En ?? ""), nonce));
        }

        return all;
    }

    private async Task<EarlierEvidence?> EarlierAsync(RecordedPast? past, CancellationToken ct)
    {
        if (past is null)
            return null;
        var certificates = new List<Certificate>();
        foreach (var certificate in past.Certificates)
            certificates.Add(Certificate.Parse(await bytes.ReadAsync(certificate, ct)));
        var revocation = new List<KeptRevocation>();
        foreach (var answer in past.Revocation)
        {
            revocation.Add(new KeptRevocation(
                Enum.Parse<RevocationSource>(answer.Source), await bytes.ReadAsync(answer.Data, ct), DateTimeOffset.FromUnixTimeMilliseconds(answer.ProvenAt)));
        }

        return new EarlierEvidence(DateTimeOffset.FromUnixTimeMilliseconds(past.Time), certificates, revocation);
    }
}
