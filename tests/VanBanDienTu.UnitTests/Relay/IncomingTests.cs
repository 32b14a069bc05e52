using VanBanDienTu.Pdf;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Signing;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

public sealed class IncomingTests(RelayKeys keys) : IClassFixture<RelayKeys>
{
    [Fact]
    public async Task A_changed_document_is_refused_by_02_and_the_sender_reads_why()
    {
        await using var nodes = await ThreeNodes.OpenAsync(
            keys, n => n.Unit.Options = n.Unit.Options with { Organs = [n.Unit.Options.Organs[0] with { ExemptTypes = ["Phiếu gửi"] }] });
        var document = await TamperedAsync(nodes);
        var refused = Assert.Single(await nodes.Ministry.ArrivedAsync("G99"));
        Assert.Equal((Acceptance.Refused, "bytes-changed"), (refused.Acceptance, refused.Rule));
        var delivery = await nodes.Unit.DeliveryAsync(document);
        Assert.Equal((DeliveryState.Rejected, "G99"), (delivery.State, delivery.By));
        Assert.Contains("sửa", delivery.Reason!.Vi, StringComparison.Ordinal);
        Assert.Contains(await nodes.Unit.Node.Evidence.OfMessageAsync("G99.63", delivery.MessageId, default), e => (e.Event, e.Issuer) == ("ConsignmentRejection", "ministry"));
    }

    [Fact]
    public async Task An_unsigned_document_is_held_and_a_person_decides()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var message = Messages.Document("G99.63", "G99", await File.ReadAllBytesAsync(Samples.QuyetDinh));
        Assert.IsType<AcceptAnswer.Accepted>(await Messages.HandAsync(nodes.Ministry, message, new PeerNode("unit", "G99.63", new string('a', 64))));
        Assert.Equal(Acceptance.Verifying, Assert.Single(await nodes.Ministry.ArrivedAsync("G99")).Acceptance);
        await nodes.Ministry.RunAsync();
        var held = Assert.Single(await nodes.Ministry.ArrivedAsync("G99"));
        Assert.Equal((Acceptance.Held, "main-unsigned", 0), (held.Acceptance, held.Rule, held.Answers.Count));
        await nodes.Ministry.ConfirmAsync("G99", held.Id);
        await nodes.Ministry.AnswerAsync("G99", held.Id, "03");
        Assert.Equal(Acceptance.Accepted, Assert.Single(await nodes.Ministry.ArrivedAsync("G99")).Acceptance);
    }

    /// <summary>A good signature, and behind it a revision, or the file itself, asks for more work than the program does for one file.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_document_beyond_the_limits_is_held_for_a_person_and_accuses_nobody(bool inTheChanges)
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var pdf = inTheChanges ? Bombs.BehindSignature(await keys.SignedAsync(Bombs.Hello(nodes.Ministry.Options.DataFolder))) : Bombs.Whole();
        var message = Messages.Document("G99.63", "G99", pdf);
        await Messages.HandAsync(nodes.Ministry, message, new PeerNode("unit", "G99.63", new string('a', 64)));
        await nodes.Ministry.RunAsync();
        var held = Assert.Single(await nodes.Ministry.ArrivedAsync("G99"));
        Assert.Equal((Acceptance.Held, "not-examined"), (held.Acceptance, held.Rule));
        Assert.Empty(held.Answers);
        Assert.Contains("vượt giới hạn an toàn", held.Reason!.Vi, StringComparison.Ordinal);
        using var bytes = PdfBytes.Of(pdf);
        var verdict = await keys.Verifier().VerifyAsync(bytes, "bom.pdf");
        Assert.Equal(FileOutcome.Indeterminate, verdict.Verdict);
        Assert.Contains(verdict.Findings, f => f.Code == "limit-exceeded");
        Assert.Equal(inTheChanges, verdict.Examined);
        if (inTheChanges)
        {
            var signature = Assert.Single(verdict.Signatures);
            Assert.Equal((Integrity.Intact, LaterChange.Unknown, "GENERIC", Indication.TotalPassed), (signature.Integrity, signature.LaterChanges, signature.SubIndication, signature.EtsiIndication));
        }
    }

    [Fact]
    public async Task What_is_no_pdf_is_refused()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var message = Messages.Document("G99.63", "G99", "%PDF-1.7 và không có gì nữa"u8.ToArray());
        await Messages.HandAsync(nodes.Ministry, message, new PeerNode("unit", "G99.63", new string('a', 64)));
        await nodes.Ministry.RunAsync();
        var refused = Assert.Single(await nodes.Ministry.ArrivedAsync("G99"));
        Assert.Equal((Acceptance.Refused, "unreadable"), (refused.Acceptance, refused.Rule));
        Assert.Equal("02", Assert.Single(refused.Answers).Code);
    }

    [Fact]
    public async Task The_handover_is_signed_once_and_repeats_with_the_same_bytes()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var incoming = await ArrivedAsync(nodes);
        var wrong = await Assert.ThrowsAsync<RelayException>(() => nodes.Ministry.Node.Handover.RunAsync("G99", incoming, new string('0', 64), default));
        Assert.Equal(RelayFault.DigestMismatch, wrong.Fault);
        var all = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => nodes.Ministry.ConfirmAsync("G99", incoming))));
        Assert.Single(all.Select(h => Convert.ToHexString(h.Evidence.Signature.Span)).Distinct());
        await nodes.SettleAsync();
        Assert.Single(nodes.MinistryDown.Sent); // one 01
        Assert.Single(await nodes.Ministry.EvidenceAsync(), e => e.Event == "ContentHandover");
    }

    [Fact]
    public async Task Answers_follow_their_rules_and_repeat_by_request_id()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var incoming = await ArrivedAsync(nodes);
        Assert.Equal(RelayFault.NotFetched, await FaultAsync(nodes, incoming, "03"));
        Assert.Equal(RelayFault.ReasonRequired, await FaultAsync(nodes, incoming, "02"));
        Assert.Equal(RelayFault.NoOpenRequest, await FaultAsync(nodes, incoming, "15"));
        Assert.Equal(RelayFault.StatusNotAllowed, await FaultAsync(nodes, incoming, "01"));
        Assert.Equal(RelayFault.StatusNotAllowed, await FaultAsync(nodes, incoming, "99"));
        await nodes.Ministry.ConfirmAsync("G99", incoming);

        var answer = new UnitAnswer("số 1", "03", "Đã vào sổ", "Văn thư", "Văn phòng");
        var first = await nodes.Ministry.Node.Answer.RunAsync("G99", incoming, answer, default);
        Assert.Equal(first, await nodes.Ministry.Node.Answer.RunAsync("G99", incoming, answer, default));
        var reused = await Assert.ThrowsAsync<RelayException>(() => nodes.Ministry.Node.Answer.RunAsync("G99", incoming, answer with { Code = "04" }, default));
        Assert.Equal(RelayFault.RequestIdReused, reused.Fault);
        Assert.Equal(RelayFault.StatusNotAllowed, await FaultAsync(nodes, incoming, "02", "đổi ý"));
        var answers = Assert.Single(await nodes.Ministry.ArrivedAsync("G99")).Answers;
        Assert.Equal(["01", "03"], answers.Select(a => a.Code));
    }

    [Fact]
    public async Task An_answer_that_could_not_be_delivered_shows_and_goes_again_when_it_is_repeated()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var incoming = await ArrivedAsync(nodes);
        nodes.MinistryDown.Unreachable = true;
        await nodes.Ministry.ConfirmAsync("G99", incoming);
        var answer = new UnitAnswer("số 7", "03");
        await nodes.Ministry.Node.Answer.RunAsync("G99", incoming, answer, default);
        await nodes.Ministry.RunAsync();
        keys.Time.Advance(TimeSpan.FromDays(2));
        await nodes.Ministry.RunAsync();
        Assert.Contains((await nodes.Ministry.Node.Health.ReportAsync(default)).Problems, p => p.Code == "ANSWERS_FAILED");

        nodes.MinistryDown.Unreachable = false;
        keys.Time.Advance(TimeSpan.FromMinutes(6));
        await nodes.Ministry.Node.Answer.RunAsync("G99", incoming, answer, default);
        await nodes.Ministry.ConfirmAsync("G99", incoming);
        await nodes.SettleAsync();
        Assert.Equal(2, nodes.MinistryDown.Sent.Count);
        var document = Assert.Single((await nodes.Unit.Node.Outgoing.ListAsync("G99.63", 10, null, null, null, default)).Items);
        Assert.Equal(DeliveryState.Accepted, Assert.Single(document.Deliveries).State);
        Assert.Empty((await nodes.Ministry.Node.Health.ReportAsync(default)).Problems);
    }

    [Fact]
    public async Task An_organ_sees_only_its_own_documents()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var outgoing = await nodes.Unit.SubmitAsync("G22");
        await nodes.SettleAsync();
        var incoming = Assert.Single(await nodes.Government.ArrivedAsync("G22")).Id;
        Assert.Empty(await nodes.Government.ArrivedAsync("H99"));
        await UnknownAsync(() => nodes.Government.Node.Incoming.GetAsync("H99", incoming, default));
        await UnknownAsync(() => nodes.Government.Node.Handover.RunAsync("H99", incoming, "", default));
        await UnknownAsync(() => nodes.Government.AnswerAsync("H99", incoming, "03"));
        await UnknownAsync(() => nodes.Unit.Node.Outgoing.GetAsync("G99", outgoing, default));
        await UnknownAsync(() => nodes.Unit.Node.Recall.RunAsync("G99", outgoing, [], "x", default));
        await UnknownAsync(() => nodes.Unit.Node.Outgoing.RequeueAsync("G99", outgoing, [], default));
        await UnknownAsync(() => nodes.Unit.Node.Evidence.OfDocumentAsync("G99", outgoing, default));
        await UnknownAsync(() => nodes.Government.Node.Evidence.OfMessageAsync("H99", incoming, default));
    }

    [Fact]
    public async Task Lists_are_paged_without_gaps_and_a_watch_begins_with_what_is_not_confirmed()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        for (var i = 0; i < 5; i++)
            await nodes.Unit.SubmitAsync("G99");
        await nodes.SettleAsync();
        var pages = new List<Guid>();
        var next = "";
        do
        {
            var page = await nodes.Ministry.Node.Incoming.ListAsync("G99", 2, next, unconfirmedOnly: true, null, default);
            pages.AddRange(page.Items.Select(d => d.Id));
            next = page.Next;
        }
        while (next.Length > 0);
        Assert.Equal((5, 5), (pages.Count, pages.Distinct().Count()));
        await nodes.Ministry.ConfirmAsync("G99", pages[0]);
        var watched = new List<Guid>();
        await foreach (var document in nodes.Ministry.Node.Incoming.WatchAsync("G99", default))
        {
            watched.Add(document.Id);
            if (watched.Count == 4)
                break;
        }

        Assert.Equal(pages.Skip(1), watched);
    }

    /// <summary>A careless unit: its type of document goes out unlooked at, with a byte changed after the person signed.</summary>
    private async Task<Guid> TamperedAsync(ThreeNodes nodes)
    {
        var pdf = await keys.SignedAsync(Samples.CongVan);
        pdf[pdf.AsSpan().IndexOf("LibreOffice 7.4"u8) + "LibreOffice ".Length] = (byte)'8';
        var submission = await nodes.Unit.SubmissionAsync("G99");
        var receipt = await nodes.Unit.Node.Submit.RunAsync(
            submission with
            {
                Document = submission.Document with { TypeName = "Phiếu gửi" }, Attachments = [await nodes.Unit.AttachAsync("phieu-gui.pdf", pdf)],
            }, default);
        await nodes.SettleAsync();
        return receipt.DocumentId;
    }

    private async Task<Guid> ArrivedAsync(ThreeNodes nodes)
    {
        await nodes.Unit.SubmitAsync("G99");
        await nodes.SettleAsync();
        return Assert.Single(await nodes.Ministry.ArrivedAsync("G99")).Id;
    }

    private static async Task<RelayFault> FaultAsync(ThreeNodes nodes, Guid incoming, string code, string? why = null) =>
        (await Assert.ThrowsAsync<RelayException>(() => nodes.Ministry.AnswerAsync("G99", incoming, code, why))).Fault;

    private static async Task UnknownAsync(Func<Task> act) =>
        Assert.Equal(RelayFault.DocumentUnknown, (await Assert.ThrowsAsync<RelayException>(act)).Fault);
}
