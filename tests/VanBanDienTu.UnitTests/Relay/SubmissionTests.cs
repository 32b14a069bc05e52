using VanBanDienTu.Pdf;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Pki;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

public abstract class SubmissionTests(RelayKeys keys)
{
    [Fact]
    public async Task Every_bad_field_is_named_at_once()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var bad = await nodes.Unit.SubmissionAsync("G22", "G22", "không phải mã");
        bad = bad with
        {
            RequestId = "", BusinessType = BusinessType.Update,
            Document = bad.Document with { Number = "123456789012", Subject = "", PromulgationDate = null },
            Attachments = [bad.Attachments[0] with { Name = "../etc/passwd" }, bad.Attachments[0] with { Name = "../etc/passwd" }],
        };
        var refusal = Assert.Throws<RelayException>(() => nodes.Unit.Node.Submit.Check(bad));
        Assert.Equal(RelayFault.InvalidField, refusal.Fault);
        Assert.Equal("INVALID_FIELD", refusal.Fault.Code());
        Assert.Superset(
            new HashSet<string>(
            [
                "request_id", "recipients[1].organ_id", "recipients[2].organ_id", "document.number", "document.subject", "document.promulgation_date",
                "concerns", "business_reason", "attachments[0].name", "attachments[1].name",
            ]),
            refusal.Fields.Select(f => f.Field).ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_unknown_recipient_a_locked_one_another_organ_and_a_secret_are_refused_by_name()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys, n =>
        {
            n.Government.Members.Add(new("H50", "Tỉnh khóa", Local: true) { Locked = true });
            n.Government.Routes.RemoveAll(r => r.Organ == "*");
        });
        var good = await nodes.Government.SubmissionAsync("H99");
        Assert.Equal(RelayFault.OrganUnknown, FaultOf(nodes, good with { Recipients = [new Party("K01")] }));
        Assert.Equal(RelayFault.OrganLocked, FaultOf(nodes, good with { Recipients = [new Party("H50")] }));
        Assert.Equal(RelayFault.NotYourOrgan, FaultOf(nodes, good with { FromOrgan = "G99" }));
        Assert.Equal(RelayFault.SecretDocument, FaultOf(nodes, good with { Document = good.Document with { Secrecy = "Mật" } }));
    }

    [Fact]
    public async Task The_same_request_answers_the_same_for_ever_and_other_content_gets_the_same_signed_conflict()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var submission = await nodes.Unit.SubmissionAsync("G99");
        var first = await nodes.Unit.Node.Submit.RunAsync(submission, default);
        var again = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => nodes.Unit.Node.Submit.RunAsync(submission, default))));
        Assert.All(again, a => Assert.Equal(first, a));
        await nodes.Unit.KillAndReopenAsync();
        Assert.Equal(first, await nodes.Unit.Node.Submit.RunAsync(submission, default));

        var other = submission with { Document = submission.Document with { Subject = "Nội dung khác" } };
        var conflict = await Assert.ThrowsAsync<RelayException>(() => nodes.Unit.Node.Submit.RunAsync(other, default));
        var repeated = await Assert.ThrowsAsync<RelayException>(() => nodes.Unit.Node.Submit.RunAsync(other, default));
        Assert.Equal((RelayFault.RequestIdReused, "SubmissionRejection"), (conflict.Fault, conflict.Proof!.Event));
        Assert.Equal(conflict.Proof.Json.ToArray(), repeated.Proof!.Json.ToArray());
        await nodes.Unit.RunAsync();
        Assert.Single((await nodes.Unit.Node.Outgoing.ListAsync("G99.63", 100, null, null, null, default)).Items);
    }

    [Fact]
    public async Task A_document_without_the_competent_persons_signature_is_refused_with_signed_evidence()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var document = await SubmitAsync(nodes, await File.ReadAllBytesAsync(Samples.CongVan));
        Assert.Equal((DocumentState.Refused, "PERSONAL_SIGNATURE_MISSING", "SubmissionRejection"), Outcome(await nodes.Unit.DocumentAsync(document)));
        Assert.Empty((await nodes.Unit.DocumentAsync(document)).Deliveries);
    }

    [Fact]
    public async Task An_exempt_type_goes_out_without_it()
    {
        await using var nodes = await ThreeNodes.OpenAsync(
            keys, n => n.Unit.Options = n.Unit.Options with { Organs = [n.Unit.Options.Organs[0] with { ExemptTypes = ["Phiếu gửi"] }] });
        var submission = await nodes.Unit.SubmissionAsync("G99");
        submission = submission with
        {
            Document = submission.Document with { TypeName = "Phiếu gửi" },
            Attachments = [await nodes.Unit.AttachAsync("phieu-gui.pdf", await File.ReadAllBytesAsync(Samples.CongVan))],
        };
        var document = (await nodes.Unit.Node.Submit.RunAsync(submission, default)).DocumentId;
        await nodes.Unit.RunAsync();
        Assert.Equal(DocumentState.Queued, (await nodes.Unit.DocumentAsync(document)).State);
    }

    [Fact]
    public async Task A_changed_an_unreadable_and_a_revoked_one_are_refused()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var changed = await keys.SignedAsync(Samples.CongVan);
        changed[100] ^= 1;
        Assert.Equal(DocumentState.Refused, (await nodes.Unit.DocumentAsync(await SubmitAsync(nodes, changed))).State);
        Assert.Equal((DocumentState.Refused, "PDF_UNREADABLE", "SubmissionRejection"), Outcome(await nodes.Unit.DocumentAsync(await SubmitAsync(nodes, "không phải PDF"u8.ToArray()))));

        var revoked = keys.Pki.Signer("revoked-author", p => p with { Revoked = true });
        using var folder = new TemporaryFolder();
        var signed = await SignedByStrangerAsync(folder, keys.Pki.Open(revoked));
        var document = await nodes.Unit.DocumentAsync(await SubmitAsync(nodes, signed));
        Assert.Equal((DocumentState.Refused, "SIGNER_CERTIFICATE_REVOKED", "SubmissionRejection"), Outcome(document));
    }

    [Fact]
    public async Task A_document_that_could_show_something_else_later_is_refused_with_the_reason()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        using var folder = new TemporaryFolder();
        using (var file = PdfFile.Open(Samples.CongVan))
        {
            var writer = new PdfIncrementalWriter(file);
            var root = ((PdfReference)file.Trailer["Root"]).Target;
            writer.Replace(root, file.Catalog.With("OpenAction", new PdfDictionary(("S", new PdfName("JavaScript")), ("JS", PdfString.FromText("this.dirty = true")))));
            using var output = File.Create(folder["script.pdf"]);
            writer.WriteTo(output);
        }
        var document = await nodes.Unit.DocumentAsync(await SubmitAsync(nodes, await keys.SignedAsync(folder["script.pdf"])));
        Assert.Equal((DocumentState.Refused, "LINT_REFUSED", "SubmissionRejection"), Outcome(document));
        Assert.Contains("[javascript] Tài liệu chứa mã JavaScript", document.Reason!.Vi, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Number_and_date_of_the_submission_go_into_the_fields_that_the_draft_reserved()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        using var folder = new TemporaryFolder();
        await keys.Signer().SignAsync(Samples.CongVan, folder["draft.pdf"], keys.Key("person-G99.63"), new SignatureRequest
        {
            Role = SignatureRole.Invisible,
            Reserved = [new ReservedField("SoKyHieu", 1, new PdfRectangle(60, 815, 200, 833), null), new ReservedField("NgayBanHanh", 1, new PdfRectangle(350, 815, 530, 833), null)],
        });
        var document = await nodes.Unit.DocumentAsync(await SubmitAsync(nodes, await File.ReadAllBytesAsync(folder["draft.pdf"])));
        Assert.Equal(DocumentState.Queued, document.State);
        var text = ExternalTool.Run("pdftotext", await nodes.Unit.Node.Payloads.PathAsync(document.Attachments[0].Payload, folder["issued.pdf"], default), "-").Output;
        Assert.Contains("101/CQM1-VP", text, StringComparison.Ordinal);
        Assert.Contains("ngày 20 tháng 11 năm 2026", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_authority_is_silent_the_document_is_held_and_goes_out_when_it_answers()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var fresh = keys.Pki.Signer($"late-{Guid.NewGuid():N}");
        using var folder = new TemporaryFolder();
        var signed = await SignedByStrangerAsync(folder, keys.Pki.Open(fresh));
        (keys.Pki.OcspLie, keys.Pki.CrlLie) = (PkiLie.ServerError, PkiLie.ServerError);
        await nodes.Unit.Node.AbandonAsync();
        await nodes.Unit.OpenAsync(); // no cached answers
        Guid document;
        try
        {
            document = await SubmitAsync(nodes, signed);
            Assert.Equal((DocumentState.Held, "REVOCATION_UNKNOWN"), ((await nodes.Unit.DocumentAsync(document)).State, (await nodes.Unit.DocumentAsync(document)).Reason?.Code));
            Assert.Equal(1, (await nodes.Unit.Node.Health.ReportAsync(default)).Held);
        }
        finally
        {
            (keys.Pki.OcspLie, keys.Pki.CrlLie) = (default, default);
        }

        keys.Time.Advance(TimeSpan.FromMinutes(2));
        await nodes.Unit.RunAsync();
        Assert.Equal(DocumentState.Queued, (await nodes.Unit.DocumentAsync(document)).State);
    }

    [Fact]
    public async Task Changes_are_watched_in_order_from_any_sequence()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var document = await nodes.Unit.SubmitAsync("G99");
        await nodes.Unit.RunAsync();
        using var stop = new CancellationTokenSource(Patience.Longest);
        var states = new List<string>();
        await foreach (var change in nodes.Unit.Node.Outgoing.WatchAsync("G99.63", 0, document, stop.Token))
        {
            states.Add(change.MessageId is null ? change.State : $"{change.Recipient!.Organ} {change.State}");
            if (states.Count == 4)
                break;
        }

        Assert.Equal(["Received", "Queued", "G99 Queued", "G99 Relayed"], states);
    }

    private async Task<byte[]> SignedByStrangerAsync(TemporaryFolder folder, Pkcs12Key key)
    {
        // Signed without asking for revocation: a signer of another system would not stop here either.
        await new PdfSigner(keys.Time).SignAsync(Samples.CongVan, folder["signed.pdf"], key, new SignatureRequest { Role = SignatureRole.Invisible });
        return await File.ReadAllBytesAsync(folder["signed.pdf"]);
    }

    private static async Task<Guid> SubmitAsync(ThreeNodes nodes, byte[] pdf)
    {
        var submission = await nodes.Unit.SubmissionAsync("G99");
        var receipt = await nodes.Unit.Node.Submit.RunAsync(submission with { Attachments = [await nodes.Unit.AttachAsync("van-ban.pdf", pdf)] }, default);
        await nodes.Unit.RunAsync();
        return receipt.DocumentId;
    }

    private static (DocumentState, string?, string?) Outcome(OutgoingDocument document) => (document.State, document.Reason?.Code, document.Outcome?.Event);

    private static RelayFault FaultOf(ThreeNodes nodes, Submission submission) =>
        Assert.Throws<RelayException>(() => nodes.Government.Node.Submit.Check(submission)).Fault;
}

public sealed class SubmissionOnSqliteTests(RelayKeys keys) : SubmissionTests(keys), IClassFixture<RelayKeys>;

public sealed class SubmissionOnPostgresTests(RelayKeysOnPostgres keys) : SubmissionTests(keys), IClassFixture<RelayKeysOnPostgres>;
