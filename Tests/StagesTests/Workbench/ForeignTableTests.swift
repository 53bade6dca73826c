import Canon
import Experiment
import TestSupport
import Testing
import Workbench

/// What experiment trackers write: W&B, MLflow, TensorBoard, and JSON with members inside members.
@Suite struct ForeignTableTests {
    private func imported(
        _ bytes: [UInt8], _ columns: [(name: String, from: String)], _ more: [String: JSON] = [:]
    ) throws -> StageRun {
        var parameters: [String: JSON] = [
            "columns": .array(
                columns.map { ["name": .string($0.name), "from": .string($0.from)] })
        ]
        parameters.merge(more) { $1 }
        return try run(TableImportStage.self, parameters, ["file": [given(bytes, from: "f")]])
    }

    private func collected(_ bytes: [UInt8]) throws -> Table {
        try Table(collecting: [given(bytes, from: "f")])
    }

    @Test func `nested members of JSON lines are columns by their path`() throws {
        let lines = """
            {"config": {"model": {"n": 10}, "lr": 0.1}, "summary": {"loss": 3.5, "val/loss": 4}}
            {"config": {"model": {"n": 20}, "lr": 0.2}, "summary": {"loss": NaN, "val/loss": 3}}
            {"config": {"model": {"n": 40}, "lr": 0.1}, "summary": {"loss": 2.5, "val/loss": 2}}
            """
        let found = try imported(
            Array(lines.utf8),
            [("N", "config.model.n"), ("loss", "summary.loss"), ("val", "summary.val/loss")],
            ["where": ["config.lr < 0.15"]])
        #expect(found.text("table") == "N,loss,val\n10,3.5,4\n40,2.5,2\n")
        #expect(try found.json("summary")["filtered"] == 1)
        #expect(
            try found.json("summary")["read"]
                == ["1 value NaN or Infinity, which are no numbers"])
        let points = try collected(Array(lines.utf8))
        #expect(points[column: "summary.loss"] == [3.5, "NaN", 2.5])
        #expect(points[column: "summary.val/loss"] == [4, 3, 2])
    }

    @Test func `a short list is a column for each element, a long one is named as left out`() throws
    {
        let long = (0...16).map { "\($0)" }.joined(separator: ", ")
        let lines =
            "{\"n\": 1, \"losses\": [3, 2], \"eval\": {\"acc\": [0.1, 0.2]}, \"curve\": [\(long)]}\n"
            + "{\"n\": 2, \"losses\": [2.5], \"eval\": {\"acc\": [0.3, 0.4]}, \"ids\": [[1]]}\n"
        let found = try imported(
            Array(lines.utf8),
            [("n", "n"), ("first", "losses.0"), ("acc", "eval.acc.1")],
            ["where": ["losses.0 > 2.7"]])
        #expect(found.text("table") == "n,first,acc\n1,3,0.2\n")
        #expect(
            try found.json("summary")["read"] == [
                .string(
                    "left out 2 lists (`curve`, `ids`): a list of up to 16 numbers or texts is a column for "
                        + "each, such as `curve.0`; of a longer or nested one write a row for each element"
                )
            ])
        let points = try collected(Array(lines.utf8))
        #expect(points[column: "losses.1"] == [2, .null])
        #expect(points.columns == ["eval", "losses.0", "losses.1", "n"])
        #expect(points.lacks("losses[1]").contains("did you mean \"losses.1\"?"))
        #expect(points.lacks("acc").contains("eval.acc.0"))
    }

    @Test func `an export of W&B, all in quotes, gives numbers`() throws {
        let csv =
            "\"Step\",\"happy-run-1 - val/loss\",\"happy-run-1 - val/loss__MIN\"\n"
            + "\"0\",\"4.5\",\"\"\n\"100\",\"3.25\",\"3\"\n"
        let found = try imported(
            Array(csv.utf8), [("step", "Step"), ("loss", "happy-run-1 - val/loss")])
        #expect(found.text("table") == "step,loss\n0,4.5\n100,3.25\n")
        #expect(try collected(Array(csv.utf8))[column: "happy-run-1 - val/loss"] == [4.5, 3.25])
    }

    @Test func `an export of MLflow has its columns by their names, with dots and slashes`() throws
    {
        let csv = "Run ID,params.lr,metrics.val/loss\na1,0.001,2.5\nb2,0.01,2.25\n"
        let found = try imported(
            Array(csv.utf8), [("lr", "params.lr"), ("loss", "metrics.val/loss")])
        #expect(found.text("table") == "lr,loss\n0.001,2.5\n0.01,2.25\n")
        #expect(try collected(Array(csv.utf8))[column: "metrics.val/loss"] == [2.5, 2.25])
    }

    @Test func `a metric's file of MLflow has a row for each line`() throws {
        let lines = "1700000000000 4.5 0\n1700000001000 nan 1\n1700000002000 3.5 2\n"
        let found = try collected(Array(lines.utf8))
        #expect(found.columns == ["timestamp", "value", "step"])
        #expect(found[column: "value"] == [4.5, "nan", 3.5])
        #expect(found[column: "step"] == [0, 1, 2])
        #expect(
            failure { _ = try collected(Array("1700000000000 4.5 0\nx\n".utf8)) }
                == "f: line 2: expected a time, a value and a step, found `x`")
    }

    @Test func `TensorBoard's events give a row for each value, with its time and tag`() throws {
        let found = try collected(ForeignFiles.events)
        #expect(found.columns == ["step", "wall_time", "tag", "value"])
        #expect(
            found.rows == [
                [1, 1001.5, "train/loss", 2.5], [1, 1002.5, "val/loss", 2.75],
                [2, 1003.5, "train/loss", "NaN"], [2, 1004.5, "val/loss", 2.25],
                [3, 1005.5, "acc", 0.125], [3, 1006.5, "count", 7], [2, 1008.5, "train/loss", 2],
            ])
        #expect(found.place(ofRow: 2) == "f, record 4")
        let written = try collected(ForeignFiles.written)
        #expect(written[column: "step"] == [0, 100, 200])
        #expect(
            written[column: "value"]
                == [2.5, 1.25, .number(Double(Float(2.5) / 3))])
    }

    @Test func `by step, events have a column for each tag, and later values replace earlier ones`()
        throws
    {
        let found = try imported(
            ForeignFiles.events, [("step", "step"), ("loss", "train/loss"), ("val", "val/loss")],
            ["format": "events-by-step", "bad_rows": "skip"])
        #expect(found.text("table") == "step,loss,val\n1,2.5,2.75\n2,2,2.25\n")
        #expect(
            try found.json("summary")["read"]
                == [
                    "TensorBoard's events", "1 summary without a number left out",
                    "1 value replaced by a later one of the same tag and step",
                ])
    }

    @Test func `events that are cut short or damaged are told with the byte, or read so far`()
        throws
    {
        let cut = Array(ForeignFiles.events.dropLast(20))
        #expect(
            failure { _ = try collected(cut) }
                == "f: record 9: byte \(ForeignFiles.events.count - 47): the record is cut short by the end "
                + "of the file; does its program still run?")
        var damaged = ForeignFiles.events
        damaged[60] ^= 1
        #expect(
            failure { _ = try collected(damaged) }
                == "f: record 2: byte 53: the record differs from its check sum")
        let found = try imported(
            cut, [("step", "step"), ("value", "value")],
            ["where": ["tag == 'val/loss'"], "bad_rows": "skip"])
        #expect(found.text("table") == "step,value\n1,2.75\n2,2.25\n")
    }

    @Test func `rows that where drops are never bad, whatever is wrong with them`() throws {
        let csv = "size,loss,split\n10,4,test\n20,,train\nx,3,train\n40,2.5,test\n80,,test\n"
        let columns = [("N", "size"), ("loss", "loss")]
        let said = failure {
            _ = try imported(Array(csv.utf8), columns, ["where": ["split == 'test'"]])
        }
        #expect(
            said
                == "f: 1 row does not fit the schema: line 6: column `loss`: expected a value, found none; "
                + "mend the columns, or set bad_rows: skip")
        let found = try imported(
            Array(csv.utf8), columns,
            [
                "where": ["split == 'test'", "loss > 1"], "bad_rows": "skip",
                "derive": ["C = 6 * N"],
            ])
        #expect(found.text("table") == "N,loss,C\n10,4,60\n40,2.5,240\n")
        #expect(try found.json("summary")["filtered"] == 2)
        #expect(try found.json("summary")["bad"]?.elements?.count == 1)
    }

    @Test func `a text column keeps its digits as they stand`() throws {
        let found = try run(
            TableImportStage.self, ["columns": [["name": "seed", "type": "text"], ["name": "y"]]],
            ["file": [given("seed,y\n007,1\n\"1.50\",2\n")]])
        #expect(found.text("table") == "seed,y\n007,1\n1.50,2\n")
    }

    @Test func `what was seen of a file is logged and stands in the summary`() throws {
        let found = try imported(
            Array("x;y\r1;2\r".utf8), [("x", "x"), ("y", "y")])
        #expect(
            try found.json("summary")["read"]
                == ["lines that end in CR", "semicolons between fields"])
    }
}
