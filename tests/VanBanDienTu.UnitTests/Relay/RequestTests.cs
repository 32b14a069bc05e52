using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

/// <summary>Updates, replacements and recalls by document: a request beside the state of what they speak of, at both ends.</summary>
public abstract class RequestTests(RelayKeys keys)
{
    [Theory]
    [InlineData(BusinessType.Update, "15", true, "update:agreed")]
    [InlineData(BusinessType.Replace, "16", false, "replace:refused")]
    public async Task A_later_document_opens_the_request_for_both_and_either_answer_closes_both(BusinessType type, string code, bool byTheLater, string closed)
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var first = await SentAsync(nodes, "101");
        var arrived = Assert.Single(await nodes.Ministry.ArrivedAsync("G99"));
        await nodes.Ministry.ConfirmAsync("G99", arrived.Id);
        await nodes.Ministry.AnswerAsync("G99", arrived.Id, "06");
        var later = await SentAsync(nodes, "102", type, (await nodes.Unit.DocumentAsync(first)).EdxmlDocumentId);
        var open = closed.Split(':')[0] + ":open";
        Assert.Equal((DeliveryState.Finished, open), await StateAsync(nodes, first));
        Assert.Equal((DeliveryState.Relayed, open), await StateAsync(nodes, later));
        var both = await nodes.Ministry.ArrivedAsync("G99");
        Assert.All(both, d => Assert.Equal((open, "Sửa phụ lục"), (d.Request, d.RequestReason)));
        var asking = both.Single(d => d.BusinessType == type);
        Assert.Equal(asking.Id, both.Single(d => d.Id != asking.Id).AskedBy);
        Assert.Equal([arrived.EdxmlDocumentId], asking.Concerns);

        var second = await Assert.ThrowsAsync<RelayException>(() => nodes.Unit.Node.Recall.RunAsync("G99.63", first, [], "Nhầm", default));
        Assert.Equal(RelayFault.RequestAlreadyOpen, second.Fault); // at most one is open
        await nodes.Ministry.AnswerAsync("G99", byTheLater ? asking.Id : arrived.Id, code, "Lý do");
        await nodes.SettleAsync();
        Assert.Equal((DeliveryState.Finished, closed), await StateAsync(nodes, first)); // only an agreed recall moves the state
        Assert.Equal((DeliveryState.Relayed, closed), await StateAsync(nodes, later));
        Assert.Contains((await nodes.Unit.DeliveryAsync(first)).History, h => h.Code == code);
        Assert.All(await nodes.Ministry.ArrivedAsync("G99"), d => Assert.Equal(closed, d.Request));
        var none = await Assert.ThrowsAsync<RelayException>(() => nodes.Ministry.AnswerAsync("G99", arrived.Id, code, "Lần hai"));
        Assert.Equal(RelayFault.NoOpenRequest, none.Fault);
    }

    [Fact]
    public async Task One_replacement_of_two_documents_is_one_request()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var (one, two) = (await SentAsync(nodes, "101"), await SentAsync(nodes, "102"));
        var later = await SentAsync(nodes, "103", BusinessType.Replace, $"G99.63,2026/11/20,101/CQM1-VP", $"G99.63,2026/11/20,102/CQM1-VP");
        var asked = (await nodes.Ministry.ArrivedAsync("G99")).First(d => d.Document.Number == "102");
        Assert.Equal("replace:open", asked.Request);
        await nodes.Ministry.AnswerAsync("G99", asked.Id, "15");
        await nodes.SettleAsync();
        foreach (var document in new[] { one, two, later })
            Assert.Equal("replace:agreed", (await StateAsync(nodes, document)).Request);
        Assert.All(await nodes.Ministry.ArrivedAsync("G99"), d => Assert.Equal("replace:agreed", d.Request));
    }

    [Fact]
    public async Task An_update_waits_for_its_document_and_for_the_answer_before_it_and_has_an_id_of_its_own()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var stranger = (await nodes.Unit.SubmissionAsync("G99")) with { BusinessType = BusinessType.Update, BusinessReason = "x", Concerns = ["G99,2026/11/20,1/X"] };
        var unknown = await Assert.ThrowsAsync<RelayException>(() => nodes.Unit.Node.Submit.RunAsync(stranger, default));
        Assert.Equal((RelayFault.InvalidField, "concerns[0]"), (unknown.Fault, Assert.Single(unknown.Fields).Field));

        nodes.UnitUp.Unreachable = true;
        var first = await nodes.Unit.SubmitAsync("G99");
        await nodes.Unit.RunAsync();
        var (update, again) = (await SubmitAsync(nodes, "101", BusinessType.Update, Edxml), await SubmitAsync(nodes, "101", BusinessType.Update, Edxml));
        await nodes.Unit.RunAsync();
        Assert.StartsWith($"{Edxml},", (await nodes.Unit.DocumentAsync(update)).EdxmlDocumentId, StringComparison.Ordinal);
        var held = await nodes.Unit.DocumentAsync(again);
        Assert.Equal((DocumentState.Held, "REQUEST_ALREADY_OPEN"), (held.State, held.Reason!.Code));
        nodes.UnitUp.Unreachable = false;
        keys.Time.Advance(TimeSpan.FromMinutes(2));
        await nodes.SettleAsync();
        var order = nodes.UnitUp.Sent.Distinct().ToList();
        Assert.Equal([(await nodes.Unit.DeliveryAsync(first)).MessageId, (await nodes.Unit.DeliveryAsync(update)).MessageId], order);

        await nodes.Ministry.AnswerAsync("G99", (await nodes.Ministry.ArrivedAsync("G99"))[0].Id, "15");
        await nodes.SettleAsync();
        keys.Time.Advance(TimeSpan.FromHours(1));
        await nodes.SettleAsync();
        Assert.Equal("update:open", (await StateAsync(nodes, again)).Request); // its turn
        Assert.Equal("update:open", (await StateAsync(nodes, first)).Request);
    }

    [Fact]
    public async Task What_refuses_or_loses_the_update_ends_its_request()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var first = await SentAsync(nodes, "101");
        var refused = await SentAsync(nodes, "102", BusinessType.Update, Edxml);
        await nodes.Ministry.AnswerAsync("G99", (await nodes.Ministry.ArrivedAsync("G99")).Single(d => d.Document.Number == "102").Id, "02", "Sai nơi nhận");
        await nodes.SettleAsync();
        Assert.Equal((DeliveryState.Rejected, "update:refused"), await StateAsync(nodes, refused));
        Assert.Equal("update:refused", (await StateAsync(nodes, first)).Request);

        nodes.UnitUp.Unreachable = true;
        var lost = await SentAsync(nodes, "103", BusinessType.Update, Edxml);
        keys.Time.Advance(TimeSpan.FromDays(3));
        await nodes.SettleAsync();
        Assert.Equal((DeliveryState.Failed, "update:failed"), await StateAsync(nodes, lost));
        Assert.Equal("update:failed", (await StateAsync(nodes, first)).Request);
        nodes.UnitUp.Unreachable = false;
        await nodes.Unit.Node.Outgoing.RequeueAsync("G99.63", lost, [], default);
        Assert.Equal("update:open", (await StateAsync(nodes, first)).Request);
        keys.Time.Advance(TimeSpan.FromHours(1));
        await nodes.SettleAsync();
        Assert.Equal("update:open", (await nodes.Ministry.ArrivedAsync("G99")).Single(d => d.Document.Number == "103").Request);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_recall_by_document_and_by_status_13_is_one_request_in_any_order(bool documentLate, bool alsoByStatus)
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var peer = new PeerNode("unit", "G99.63", new string('c', 64));
        var original = Messages.Document("G99.63", "G99");
        var recall = Messages.Document("G99.63", "G99", type: BussinessType.Recall);
        foreach (var message in documentLate ? new[] { recall, original } : [original, recall])
            Assert.IsType<AcceptAnswer.Accepted>(await Messages.HandAsync(nodes.Ministry, message, peer));
        if (alsoByStatus)
            await Messages.HandAsync(nodes.Ministry, Messages.Status("G99.63", "G99", original.Id, original.EdxmlDocumentId, EdxmlStatusCode.TakeBack, "Nhầm"), peer);
        var both = await nodes.Ministry.ArrivedAsync("G99");
        Assert.All(both, d => Assert.Equal("recall:open", d.Request));
        await nodes.Ministry.AnswerAsync("G99", documentLate ? recall.Id : original.Id, "15");
        Assert.All(await nodes.Ministry.ArrivedAsync("G99"), d => Assert.Equal("recall:agreed", d.Request));
        Assert.Empty(await nodes.Ministry.Node.Health.QuarantineAsync(10, default));
    }

    [Fact]
    public async Task A_document_of_several_files_that_answers_another_is_seen_from_both_ends()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var question = await nodes.Unit.SubmissionAsync("G99");
        var asked = (await nodes.Unit.Node.Submit.RunAsync(question with { Document = question.Document with { DueDate = new DateOnly(2026, 12, 1) } }, default)).DocumentId;
        await nodes.SettleAsync();
        var incoming = Assert.Single(await nodes.Ministry.ArrivedAsync("G99"));
        Assert.Equal(new DateOnly(2026, 12, 1), incoming.Document.DueDate);
        var answer = await nodes.Ministry.SubmissionAsync("G99.63");
        answer = answer with
        {
            Document = answer.Document with { Number = "55", RespondsTo = [new DocumentReference("G99.63", incoming.Document.Code, incoming.EdxmlDocumentId, null)] },
            Attachments = [.. answer.Attachments, Plain(await nodes.Ministry.AttachAsync("phu-luc.xlsx", [1, 2, 3])), Plain(await nodes.Ministry.AttachAsync("anh.png", [4, 5]))],
        };
        var sent = (await nodes.Ministry.Node.Submit.RunAsync(answer, default)).DocumentId;
        await nodes.SettleAsync();
        var came = Assert.Single(await nodes.Unit.ArrivedAsync("G99.63"));
        Assert.Equal(["cong-van.pdf", "phu-luc.xlsx", "anh.png"], came.Attachments.Select(a => a.Name));
        Assert.Equal(answer.Attachments[1].Payload, came.Attachments[1].Payload);
        Assert.Equal((came.Id, "55/CQM1-VP", "G99"), Single((await nodes.Unit.DocumentAsync(asked)).Responses));
        Assert.Equal((sent, "55/CQM1-VP", "G99"), Single(Assert.Single(await nodes.Ministry.ArrivedAsync("G99")).Responses));

        static SubmittedAttachment Plain(SubmittedAttachment file) => file with { ContentType = "" };
        static (Guid, string, string) Single(IReadOnlyList<ResponseLink> links) => Assert.Single(links) is var l ? (l.Id, l.Code, l.Organ.Organ) : default;
    }

    private const string Edxml = "G99.63,2026/11/20,101/CQM1-VP";

    private static async Task<Guid> SubmitAsync(ThreeNodes nodes, string number, BusinessType type = BusinessType.New, params string[] concerns)
    {
        var submission = await nodes.Unit.SubmissionAsync("G99");
        return (await nodes.Unit.Node.Submit.RunAsync(
            submission with
            {
                Document = submission.Document with { Number = number }, BusinessType = type, Concerns = concerns,
                BusinessReason = type == BusinessType.New ? "" : "Sửa phụ lục",
            }, default)).DocumentId;
    }

    private static async Task<Guid> SentAsync(ThreeNodes nodes, string number, BusinessType type = BusinessType.New, params string[] concerns)
    {
        var document = await SubmitAsync(nodes, number, type, concerns);
        await nodes.SettleAsync();
        return document;
    }

    private static async Task<(DeliveryState State, string Request)> StateAsync(ThreeNodes nodes, Guid document)
    {
        var delivery = await nodes.Unit.DeliveryAsync(document);
        return (delivery.State, delivery.Request);
    }
}

public sealed class RequestOnSqliteTests(RelayKeys keys) : RequestTests(keys), IClassFixture<RelayKeys>;

public sealed class RequestOnPostgresTests(RelayKeysOnPostgres keys) : RequestTests(keys), IClassFixture<RelayKeysOnPostgres>;
