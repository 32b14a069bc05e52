using VanBanDienTu.TestKit.Faults;

namespace VanBanDienTu.EndToEndTests.Faults;

/// <summary>The checker of the fault campaigns can fail: each story below is the good one with a single thing wrong.</summary>
public sealed class CheckerTests
{
    private readonly WrittenStory story = new();

    [Fact]
    public void A_story_that_is_whole_has_no_findings()
    {
        story.Write(documents: 3);
        Assert.Empty(story.Findings());
        Assert.Equal(3 * 3, story.Checker.Verified);
    }

    [Fact]
    public void A_lost_document_is_found()
    {
        story.Write(documents: 3, lost: 1);
        Assert.Contains("request-1 (G99.63,2026/11/22,2/CQM1-VP) was acknowledged, but G22 was never handed it", Assert.Single(story.Findings()), StringComparison.Ordinal);
        Assert.Empty(story.Findings(quiet: false)); // it may still be on its way
    }

    [Fact]
    public void A_lost_document_with_signed_failure_is_none()
    {
        story.Write(documents: 3, lost: 1);
        story.Failure(1);
        Assert.Empty(story.Findings());
    }

    [Fact]
    public void A_failure_of_what_was_handed_over_is_found()
    {
        story.Write(documents: 3);
        story.Failure(2);
        Assert.Contains("request-2 was handed to G22", Assert.Single(story.Findings()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_handed_over_twice_is_found()
    {
        story.Write(documents: 2);
        var again = Guid.NewGuid().ToString();
        story.HandOver(1, again);
        Assert.Contains("G22 was handed G99.63,2026/11/22,2/CQM1-VP 2 times", Assert.Single(story.Findings()), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_receipts_for_one_message_are_found()
    {
        story.Write(documents: 2);
        story.Row("recipient", "ContentConsignment", 0);
        Assert.Contains("2 × ContentConsignment of G22", Assert.Single(story.Findings()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_receipt_whose_evidence_is_gone_is_found_with_a_system_and_with_a_peer()
    {
        story.Write(documents: 2);
        story.Rows.RemoveAll(r => r.Database == "recipient" && r.Receipt.Event == "ContentHandover" && r.Receipt.Id == story.Handovers[1].Id);
        var findings = story.Findings();
        Assert.Contains(findings, f => f.Contains("G22 holds the receipt ContentHandover", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.Contains("is with a peer (sender) but its issuer does not hold it", StringComparison.Ordinal));
        Assert.Equal(2, findings.Count); // the last row: the chain alone does not show it
    }

    [Fact]
    public void A_row_removed_from_the_middle_and_a_changed_one_show_in_the_chain()
    {
        story.Write(documents: 3);
        var removed = story.Rows.First(r => r is { Database: "recipient", Sequence: 3 });
        story.Rows.Remove(removed);
        Assert.Contains(story.Findings(), f => f == "recipient: the chain of recipient goes from 2 to 4");

        var index = story.Rows.FindIndex(r => r is { Database: "sender", Sequence: 1 });
        story.Rows[index] = story.Rows[index] with { Hash = new string('1', 64) };
        Assert.Contains(story.Findings(), f => f.StartsWith("sender: row 1 of sender", StringComparison.Ordinal));
    }

    [Fact]
    public void A_receipt_that_does_not_verify_or_differs_from_its_issuers_is_found()
    {
        story.Write(documents: 1);
        var index = story.Rows.FindIndex(r => r is { Database: "sender", Own: false });
        var json = story.Rows[index].Receipt.Json.ToArray();
        json[^3] ^= 1;
        story.Rows[index] = story.Rows[index] with { Receipt = story.Rows[index].Receipt with { Json = json } };
        var findings = story.Findings();
        Assert.Contains(findings, f => f.Contains("has other bytes than elsewhere", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.Contains("does not verify", StringComparison.Ordinal));
    }

    [Fact]
    public void What_nobody_sent_and_what_arrived_changed_is_found()
    {
        story.Write(documents: 1);
        story.HandOver(0, Guid.NewGuid().ToString(), edxml: "G99.63,2026/11/22,77/CQM1-VP");
        Assert.Contains(story.Findings(), f => f.EndsWith("which nobody sent there", StringComparison.Ordinal));

        var other = new WrittenStory();
        other.Write(documents: 1, content: "changed"u8.ToArray());
        Assert.EndsWith("with other bytes than were sent", Assert.Single(other.Findings()), StringComparison.Ordinal);
    }

    [Fact]
    public void Replays_with_other_bytes_are_found()
    {
        story.Write(documents: 1);
        story.Ledger.Acknowledged("request-0", "another answer"u8);
        Assert.Equal("request request-0 was answered with other bytes than before", Assert.Single(story.Findings()));
    }

    [Fact]
    public void A_proof_that_never_came_home_is_found_at_the_end_only()
    {
        story.Write(documents: 2);
        story.Rows.RemoveAll(r => r is { Database: "sender", Own: false } && r.Receipt.Id == story.Handovers[1].Id);
        Assert.Empty(story.Findings(quiet: false));
        Assert.Contains("never came home to the sender of request-1", Assert.Single(story.Findings()), StringComparison.Ordinal);
    }
}
